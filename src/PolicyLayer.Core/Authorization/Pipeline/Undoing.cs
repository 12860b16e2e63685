using PolicyLayer.Approvals;
using PolicyLayer.Authorization.Decisions;

namespace PolicyLayer.Authorization.Pipeline;

/// <summary>Gives back what allows were given: quota, marks and approvals.</summary>
internal sealed class Undoing(Charging charging, Approving approvals)
{
    /// <summary>
    /// Gives back what a decision itself was given, as it became a denial: nothing of what the call had that it goes on with. It never
    /// throws.
    /// </summary>
    public ValueTask UndoAsync(in ToolCallDecision decision) =>
        decision.OpenCall?.Logical is { HasBegun: true } logical
            ? ReturnAsync(logical.TakeBack(decision.Id.Unplaced), decision.Id)
            : GiveBackAsync(decision);

    /// <summary>
    /// Gives back all that a call was given which never ran: at once, so that stores that hang do so together. It never throws.
    /// </summary>
    /// <param name="charged">The decision that was charged.</param>
    public ValueTask GiveBackAsync(in ToolCallDecision charged)
    {
        ValueTask given = charging.ReleaseAsync(charged);
        foreach (ApprovalUse spent in ApprovalsOf(charged))
        {
            given = AwaitBothAsync(given, approvals.ReturnAsync(spent, charged.Id));
        }

        return given;
    }

    private static IReadOnlyList<ApprovalUse> ApprovalsOf(in ToolCallDecision charged)
    {
        if (charged.OpenCall?.Logical is { HasBegun: true } logical)
        {
            return logical.Approvals;
        }

        return charged.OpenCall?.Approval is { } spent ? [spent] : [];
    }

    private ValueTask ReturnAsync(ApprovalUse? spent, DecisionId id) => spent is { } use ? approvals.ReturnAsync(use, id) : default;

    private static async ValueTask AwaitBothAsync(ValueTask released, ValueTask returned)
    {
        await released.ConfigureAwait(false);
        await returned.ConfigureAwait(false);
    }
}
