namespace PolicyLayer.Cli;

/// <summary>What a command's exit code says.</summary>
internal static class ExitCodes
{
    public const int Good = 0;

    /// <summary>The command did its work and found that something isn't as it should be.</summary>
    public const int Bad = 1;

    /// <summary>The command couldn't do its work, or couldn't finish it.</summary>
    public const int Failed = 2;
}
