namespace PolicyLayer.Cli.Commands;

/// <summary>What <c>audit tail</c> was asked.</summary>
/// <param name="File">The log's latest file.</param>
/// <param name="Lines">How many records, the last.</param>
/// <param name="Follows">Whether to go on with those that come.</param>
/// <param name="Json">Whether a program reads them.</param>
internal sealed record AuditTailOptions(string File, int Lines, bool Follows, bool Json);
