namespace PolicyLayer.Json.Values;

/// <summary>How a number is read: as it is written, or as most tools will read it.</summary>
internal enum NumberReading : byte
{
    Exact,
    NearestDouble,
}
