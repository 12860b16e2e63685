namespace PolicyLayer.Auditing.Chain;

/// <summary>How long a line of a log may be. The tool, which reads lines too, is compiled with this file.</summary>
internal static class LineLength
{
    /// <summary>The longest line that is written or read, in bytes, its end not counted.</summary>
    public const int Max = 65_535;
}
