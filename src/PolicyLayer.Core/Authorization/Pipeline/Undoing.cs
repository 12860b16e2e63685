using PolicyLayer.Approvals;

namespace PolicyLayer.Authorization.Pipeline;

/// <summary>Gives back what an allow was given, as its call never ran: quota, marks and the approval.</summary>
internal sealed class Undoing(Charging charging, Approving approvals)
{
    /// <summary>At once, so that stores that hang do so together. It never throws.</summary>
    public ValueTask UndoAsync(in ToolCallDecision decision)
    {
        ValueTask released = charging.ReleaseAsync(decision);
        return decision.OpenCall?.Approval is { } spent ? AwaitBothAsync(released, approvals.ReturnAsync(spent, decision.Id)) : released;
    }

    private static async ValueTask AwaitBothAsync(ValueTask released, ValueTask returned)
    {
        await released.ConfigureAwait(false);
        await returned.ConfigureAwait(false);
    }
}
