namespace PolicyLayer.Cli.Commands;

/// <summary>What each of the <c>approvals</c> commands is told.</summary>
/// <param name="Store">The store.</param>
/// <param name="Keys">The file of the host's keys; null where a variable may hold them.</param>
/// <param name="ArePlain">Whether contents are kept in clear.</param>
/// <param name="Json">Whether a program reads the answer.</param>
internal sealed record ApprovalsOptions(string Store, string? Keys, bool ArePlain, bool Json);
