using PolicyLayer.Cli.Audit;

namespace PolicyLayer.Cli.Commands;

/// <summary>What <c>audit verify</c> was asked.</summary>
/// <param name="Files">The log's files, the oldest first.</param>
/// <param name="After">The hash that the files before them ended with; null where they begin the log.</param>
/// <param name="Head">What the log must end with; null where it isn't known.</param>
/// <param name="PublicKey">The file of the public keys; null where checkpoints aren't looked at.</param>
/// <param name="Keys">The file of the keys; null for the variable's, or none.</param>
/// <param name="Json">Whether a program reads the answer.</param>
internal sealed record AuditVerifyOptions(
    string[] Files, string? After, KeptHead? Head, string? PublicKey, string? Keys, bool Json);
