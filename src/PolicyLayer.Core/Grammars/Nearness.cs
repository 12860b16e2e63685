namespace PolicyLayer.Grammars;

/// <summary>How near a text comes to a pattern.</summary>
internal enum Nearness : byte
{
    Apart,

    /// <summary>Another reader could take them for a match.</summary>
    Near,
    Match,
}
