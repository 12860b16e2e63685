using PolicyLayer.Auditing;
using PolicyLayer.Counters;

namespace PolicyLayer;

/// <summary>Makes records of decisions.</summary>
internal static class AuditRecords
{
    public static AuditRecord Decide(
        in ToolCallDecision decision, string? sessionId, in AuditedArguments arguments, AuditCounter[] counters, DateTimeOffset time, TimeSpan duration) =>
        Describe(decision, AuditRecordKind.Decision, sessionId, time, duration) with
        {
            ArgumentNames = arguments.Names,
            ArgumentBytes = arguments.Bytes,
            Counters = counters,
        };

    /// <summary>The same decision, which became a denial.</summary>
    public static AuditRecord Correct(AuditRecord allowed, in ToolCallDecision denied) => allowed with
    {
        Kind = AuditRecordKind.Correction,
        Outcome = denied.Outcome,
        Code = denied.Code,
        Rule = denied.Rule,
        RuleName = denied.Verdict.RuleName,
        Message = denied.Message,
    };

    public static AuditRecord Report(in ToolCallDecision decision, ToolCallOutcome outcome, DateTimeOffset time, TimeSpan duration) =>
        Describe(decision, AuditRecordKind.Outcome, decision.SessionId, time, duration) with { CallOutcome = outcome };

    public static AuditCounter[] CountersOf(in CounterRequest request, in CounterReservation reservation)
    {
        var counters = new AuditCounter[request.Count];
        for (int i = 0; i < counters.Length; i++)
        {
            CounterLimit limit = request.Limits[i];
            decimal? used = reservation.Status == CounterReservationStatus.Refused ? Units(reservation.GetUsedMillionths(i)) : null;
            counters[i] = new AuditCounter(limit.Definition.CounterName, used, Units(limit.MaxMillionths));
        }

        return counters;
    }

    private static decimal Units(long millionths) => (decimal)millionths / CounterDemand.Unit;

    private static AuditRecord Describe(
        in ToolCallDecision decision, AuditRecordKind kind, string? sessionId, DateTimeOffset time, TimeSpan duration) => new()
        {
            Kind = kind,
            Time = time,
            DecisionId = decision.DecisionId,
            GrantId = decision.GrantId,
            SessionId = sessionId,
            Tool = decision.ToolName,
            Risk = decision.Risk,
            Outcome = decision.Outcome,
            Code = decision.Code,
            Rule = decision.Rule,
            RuleName = decision.Verdict.RuleName,
            Message = decision.Message,
            PolicyName = decision.PolicyName,
            PolicyRevision = decision.PolicyRevision,
            RetryAfter = decision.RetryAfter,
            Duration = duration,
        };
}
