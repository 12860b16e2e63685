using PolicyLayer.Auditing;
using PolicyLayer.Counters;
using PolicyLayer.DecisionTree.Reading;
using PolicyLayer.DecisionTree.Verdicts;
using PolicyLayer.Grants;

namespace PolicyLayer.Authorization.Pipeline;

/// <summary>Makes records of decisions.</summary>
internal static class AuditRecords
{
    private const int MaxReloadedNames = 1_000;

    public static AuditRecord Decide(
        in ToolCallDecision decision, in CallInFlight call, AuditCounter[] counters, DateTimeOffset? time, TimeSpan? duration) =>
        Describe(decision, AuditRecordKind.Decision, call.SessionId, time, duration, call.Report, call.Policy.Grant, counters);

    /// <summary>A request for approval, without what became of it.</summary>
    public static AuditRecord Ask(in CallInFlight call, string approvalId)
    {
        Verdict asked = call.Evaluation.Approval!.Verdict.WithApproval(approvalId);
        return Describe(
            call.Deny(asked), AuditRecordKind.Approval, call.SessionId, time: null, duration: null, call.Report, call.Policy.Grant) with
        {
            ApprovalId = approvalId,
        };
    }

    /// <summary>The same decision, which became a denial.</summary>
    public static AuditRecord Correct(AuditRecord allowed, in ToolCallDecision denied, AuditRecordKind kind) => allowed with
    {
        Kind = kind,
        DecisionOutcome = denied.Outcome,
        Code = denied.Code,
        Rule = denied.Rule,
        RuleName = denied.Verdict.RuleName,
        Message = denied.Message,
        Counters = WithoutUsed(allowed.Counters),
    };

    public static AuditRecord Report(in ToolCallDecision decision, ToolCallOutcome outcome, DateTimeOffset? time, TimeSpan? duration) =>
        Describe(decision, AuditRecordKind.Completion, decision.SessionId, time, duration) with { CallOutcome = outcome };

    public static AuditRecord Reload(PolicyChange change, DateTimeOffset? time) => Reload(time, change.Name, change.NewRevision) with
    {
        Reload = new AuditReload
        {
            PreviousRevision = change.OldRevision,
            BecameFirst = change.BecameFirst,
            NewCounters = [.. change.NewCounters.Take(MaxReloadedNames)],
            NewMarks = [.. change.NewMarks.Take(MaxReloadedNames)],
        },
    };

    public static AuditRecord Reload(GrantChanges grants, DateTimeOffset? time) => Reload(time, "", "") with
    {
        Reload = new AuditReload
        {
            GrantsAdded = grants.Added,
            GrantsChanged = grants.Changed,
            GrantsRemoved = grants.Removed,
        },
    };

    public static AuditCounter[] CountersOf(in CounterRequest request, in CounterReservation reservation)
    {
        var counters = new List<AuditCounter>(request.Count);
        for (int i = 0; i < request.Count; i++)
        {
            CounterLimit limit = request.Limits[i];
            if (limit.Definition.Kind == CounterKind.Limit)
            {
                decimal? used = reservation.SaysUsed ? Units(reservation.GetUsedMillionths(i)) : null;
                counters.Add(new AuditCounter(limit.Definition.CounterName, used, Units(limit.MaxMillionths)));
            }
        }

        return [.. counters];
    }

    /// <summary>The counters of a call that was charged and denied after all: what it was charged goes back.</summary>
    public static AuditCounter[] WithoutUsed(IReadOnlyList<AuditCounter> counters) =>
        [.. counters.Select(counter => new AuditCounter(counter.Name, used: null, counter.Max))];

    private static AuditRecord Reload(DateTimeOffset? time, string policy, string? revision) => new()
    {
        Kind = AuditRecordKind.Reload,
        Time = time,
        DecisionId = "",
        GrantId = "",
        Tool = "",
        PolicyName = policy,
        PolicyRevision = revision ?? "",
    };

    private static decimal Units(long millionths) => (decimal)millionths / CounterDemand.Unit;

    private static string? NameOf(string? name) => name is null ? null : RecordedName.Of(name);

    // One initializer: a record has many members, and each `with` copies them all, for every decision.
    private static AuditRecord Describe(
        in ToolCallDecision decision,
        AuditRecordKind kind,
        string? sessionId,
        DateTimeOffset? time,
        TimeSpan? duration,
        CallReport? call = null,
        Grant? grant = null,
        AuditCounter[]? counters = null)
    {
        string? approvalId = kind == AuditRecordKind.Decision ? decision.ApprovalId : null;
        CallReport? decided = kind == AuditRecordKind.Decision ? call : null;
        return new AuditRecord
        {
            Kind = kind,
            Time = time,
            DecisionId = decision.DecisionId,
            GrantId = RecordedName.Of(decision.GrantId),
            GrantLabel = NameOf(grant?.Label),
            SessionId = NameOf(sessionId),
            SessionSource = sessionId is null ? null : call?.SessionSource,
            Server = NameOf(call?.Server),
            Tool = RecordedName.Of(decision.ToolName),
            Risk = decision.Risk,
            DecisionOutcome = decision.Outcome,
            Code = decision.Code,
            Rule = decision.Rule,
            RuleName = decision.Verdict.RuleName,
            Message = decision.Message,
            PolicyName = decision.PolicyName,
            PolicyRevision = decision.PolicyRevision,
            ArgumentNames = decided?.ArgumentNames ?? [],
            ArgumentBytes = decided?.ArgumentBytes,
            ArgumentsDigest = decided?.RecordedDigest,
            InputsDigest = decided?.RecordedInputs,
            Counters = counters ?? [],
            ApprovalId = approvalId,
            AnsweredBy = approvalId is null ? null : call?.AnsweredBy,
            Continues = decided?.Continues,
            TraceId = call?.TraceId,
            RetryAfter = decision.RetryAfter,
            Duration = duration,
        };
    }
}
