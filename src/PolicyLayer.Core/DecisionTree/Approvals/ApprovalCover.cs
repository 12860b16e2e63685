using PolicyLayer.Approvals;

namespace PolicyLayer.DecisionTree.Approvals;

/// <summary>What one approval of an entry's calls covers, where the entry says so. Immutable.</summary>
/// <param name="Same">
/// The arguments that calls must have in common to be covered together; empty where they must have all in common.
/// </param>
/// <param name="Uses">How many calls.</param>
/// <param name="ValidFor">For how long, from a person's answer; null for as long as the host says.</param>
internal sealed record ApprovalCover(SamePath[] Same, int Uses, TimeSpan? ValidFor)
{
    /// <summary>What an approval covers where the entry says nothing.</summary>
    public static ApprovalCover One { get; } = new([], 1, null);

    /// <summary>The terms, by the host's time where the entry gives none.</summary>
    public ApprovalTerms Terms(TimeSpan hosts) => new(Uses, ValidFor ?? hosts);
}
