using PolicyLayer.Approvals;

namespace PolicyLayer.Cli.Approvals;

/// <summary>How the line says that contents are kept.</summary>
internal static class ApprovalKeys
{
    public const string PlainDescription = "Keep what people approve, argument values, in clear in a store that lasts.";

    public const string NotTogether = "`--keys` and `--plain-approvals` don't go together.";

    /// <summary>What keeps contents from whoever reads a lasting store; null where the line says nothing of that.</summary>
    /// <param name="keys">The host's keys, if there are any.</param>
    /// <param name="arePlain">Whether they are kept in clear, on purpose, be there keys or not.</param>
    public static IApprovalProtector? ProtectorOf(PolicyLayerKeys? keys, bool arePlain)
    {
        if (arePlain)
        {
            return ApprovalProtector.Plain;
        }

        return keys is null ? null : ApprovalProtector.Encrypting(keys);
    }
}
