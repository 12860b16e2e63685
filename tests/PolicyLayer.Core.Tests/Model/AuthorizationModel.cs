using PolicyLayer.Approvals;

namespace PolicyLayer.Tests.Model;

/// <summary>
/// What section by section of the policy's reference is said of grants, limits, approvals and continuations, written as it is read and
/// without regard to cost. It takes over the ids of the real decisions, and nothing else of them.
/// </summary>
internal sealed class AuthorizationModel
{
    private const int MostContinuations = 16;
    private const long ContinuableMs = 3_600_000;

    private readonly ModelCounters _counters = new();

    public sealed record GrantState(string Policy, bool IsRevoked, long? Expires);

    /// <summary>What is expected: the code, and the approval that is named; an empty id for a new one, null for none.</summary>
    public readonly record struct Expected(DecisionCode Code, string? ApprovalId, object? Asked = null, ModelOpen? Open = null);

    public Dictionary<string, GrantState> Grants { get; } = [];

    public ModelApprovals Approvals { get; } = new();

    public Expected Decide(ModelCall call, ModelOpen? goesOn, bool isLinked, long now, long elapsed)
    {
        if (!Grants.TryGetValue(call.Grant, out GrantState? grant))
        {
            return new Expected(DecisionCode.GrantUnknown, null);
        }

        if (grant.IsRevoked || now >= grant.Expires)
        {
            return new Expected(grant.IsRevoked ? DecisionCode.GrantRevoked : DecisionCode.GrantExpired, null);
        }

        if (call.Tool == "unknown")
        {
            return new Expected(DecisionCode.NotListed, null);
        }

        if (call.Tool == "of_session" && call.Session is null)
        {
            return new Expected(DecisionCode.SessionMissing, null);
        }

        object? binding = ModelPolicies.Asks(grant.Policy, call.Tool, call.Env)
            ? (grant.Policy, call with { Env = call.Tool == "by_fact" ? call.Env : "" })
            : null;
        bool goes = goesOn is not null
            && goesOn.MayContinue
            && goesOn.Call.IsContinuedBy(call)
            && goesOn.Decisions.Count <= MostContinuations
            && elapsed - goesOn.Started < ContinuableMs;
        return goes ? GoOn(goesOn!, binding, call.Grant) : Begin(call, grant.Policy, binding, isLinked, now, elapsed);
    }

    /// <summary>Takes back what a call was given that never ran.</summary>
    public void Undo(ModelOpen open)
    {
        if (open.Charge is { } charge)
        {
            _counters.Release(charge.Key, charge.Window);
        }

        open.Approvals.ForEach(ModelApprovals.Return);
    }

    private Expected GoOn(ModelOpen open, object? binding, string grant)
    {
        if (binding is null)
        {
            return new Expected(DecisionCode.Allowed, null, Open: open);
        }

        ModelApprovals.Held? there = Approvals.Find(binding);
        ModelApprovals.Held? covering = open.Approvals.Find(
            spent => spent.Binding.Equals(binding) && spent is { IsForgotten: false, Status: not ApprovalStatus.Refused });
        if (there is { Status: ApprovalStatus.Refused })
        {
            return new Expected(DecisionCode.ApprovalDenied, there.Id);
        }

        if (covering is null && there is { Status: ApprovalStatus.Approved })
        {
            there.Status = ApprovalStatus.Spent;
            open.Approvals.Add(there);
            covering = there;
        }

        return covering is null ? Wait(there, binding, grant) : new Expected(DecisionCode.Allowed, covering.Id, Open: open);
    }

    private Expected Begin(ModelCall call, string policy, object? binding, bool isLinked, long now, long elapsed)
    {
        string? counter = ModelPolicies.CounterOf(call.Tool);
        string key = $"{policy}|{counter}|{call.Grant}|{(call.Tool == "of_session" ? call.Session : "")}";
        int max = ModelPolicies.MaxOf(policy);
        ModelApprovals.Held? there = binding is null ? null : Approvals.Find(binding);
        if (binding is not null && there is not { Status: ApprovalStatus.Approved })
        {
            if (there is { Status: ApprovalStatus.Refused })
            {
                return new Expected(DecisionCode.ApprovalDenied, there.Id);
            }

            bool hasRoom = counter is null || _counters.HasRoom(key, max, now);
            return there is null && !hasRoom ? new Expected(DecisionCode.ApprovalRequired, null) : Wait(there, binding, call.Grant);
        }

        long? window = counter is null ? null : _counters.TryCharge(key, max, now);
        if (counter is not null && window is null)
        {
            return new Expected(DecisionCode.LimitExceeded, null);
        }

        var open = new ModelOpen(call, elapsed) { IsKept = isLinked || counter is not null || there is not null };
        if (window is { } charged)
        {
            open.Charge = (key, charged);
        }

        if (there is not null)
        {
            there.Status = ApprovalStatus.Spent;
            open.Approvals.Add(there);
        }

        return new Expected(DecisionCode.Allowed, there?.Id, Open: open);
    }

    private Expected Wait(ModelApprovals.Held? pending, object binding, string grant)
    {
        if (pending is not null)
        {
            return new Expected(DecisionCode.ApprovalRequired, pending.Id);
        }

        return Approvals.PendingOf(grant) >= ModelApprovals.MaxPending
            ? new Expected(DecisionCode.ApprovalLimit, null)
            : new Expected(DecisionCode.ApprovalRequired, "", binding);
    }
}
