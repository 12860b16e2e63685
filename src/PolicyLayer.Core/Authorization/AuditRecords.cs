using PolicyLayer.Auditing;

namespace PolicyLayer;

/// <summary>Makes records of decisions.</summary>
internal static class AuditRecords
{
    public static AuditRecord Decide(in ToolCallDecision decision, string? sessionId, DateTimeOffset time) => new()
    {
        Kind = AuditRecordKind.Decision,
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
    };

    public static AuditRecord Correct(in ToolCallDecision denied, string? sessionId, DateTimeOffset time) =>
        Decide(denied, sessionId, time) with { Kind = AuditRecordKind.Correction };

    public static AuditRecord Report(in ToolCallDecision decision, ToolCallOutcome outcome, DateTimeOffset time, TimeSpan duration) =>
        Decide(decision, decision.SessionId, time) with
        {
            Kind = AuditRecordKind.Outcome,
            CallOutcome = outcome,
            Duration = duration,
        };
}
