namespace PolicyLayer.Json.Scanning;

/// <summary>Why a text isn't accepted: the first thing wrong that a reader meets.</summary>
internal enum JsonFault : byte
{
    None,
    Malformed,
    TooDeep,
}
