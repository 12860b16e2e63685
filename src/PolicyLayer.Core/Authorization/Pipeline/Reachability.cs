using PolicyLayer.Approvals;
using PolicyLayer.Auditing;
using PolicyLayer.Authorization.Decisions;

namespace PolicyLayer.Authorization.Pipeline;

/// <summary>Finds out which stores and sinks can't be reached, and changes nothing.</summary>
internal sealed class Reachability(Charging charging, ApprovalLookup approvals, AuditDispatcher? sinks, HostClock clock)
{
    // Ids of requests are random: no request has this one.
    private const string NoApproval = "00000000000000000000000000000000";

    /// <summary>Asks both stores at once, each within its time.</summary>
    /// <exception cref="OperationCanceledException">The host gave up.</exception>
    public async ValueTask<IReadOnlyList<string>> CheckAsync(string policyName, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        DecisionId id = DecisionId.Next();
        Task<bool> counters = charging.IsReachableAsync(policyName, clock.ReadUnixMilliseconds(id), id, cancellationToken).AsTask();
        Task<bool> requests = IsApprovalStoreReachableAsync(id, cancellationToken);
        bool[] reached = await Task.WhenAll(counters, requests).ConfigureAwait(false);
        return Array.AsReadOnly<string>(
        [
            .. reached[0] ? (string[])[] : [Charging.Place],
            .. reached[1] ? (string[])[] : [Approving.Place],
            .. sinks?.FailedPlaces ?? [],
        ]);
    }

    private async Task<bool> IsApprovalStoreReachableAsync(DecisionId id, CancellationToken cancellationToken) =>
        clock.ReadTime(id) is { } time
        && (await approvals.FindAsync(new ApprovalQuery(time, NoApproval), id, cancellationToken).ConfigureAwait(false)).IsAnswered;
}
