namespace PolicyLayer.Telemetry;

/// <summary>
/// What spans, metrics and their attributes are called; <c>schema/telemetry.md</c> says what each means. OpenTelemetry's names where it has
/// some, ours under <c>policylayer</c> for the rest.
/// </summary>
internal static class TelemetryNames
{
    /// <summary>The name of both the activity source and the meter.</summary>
    public const string Source = "PolicyLayer";

    /// <summary>The span of a decision; the tool follows. Not the convention's <c>execute_tool</c>: the tool hasn't run.</summary>
    public const string DecisionSpan = "authorize_tool";

    public const string Decisions = "policylayer.decisions";
    public const string DecisionDuration = "policylayer.decision.duration";
    public const string OperationDuration = "policylayer.operation.duration";
    public const string Faults = "policylayer.faults";
    public const string QueueLength = "policylayer.audit.queue.length";
    public const string QueueDrops = "policylayer.audit.queue.drops";
    public const string CounterCount = "policylayer.counter.count";
    public const string PendingApprovals = "policylayer.approval.pending";
    public const string PolicyInfo = "policylayer.policy.info";
    public const string Reloads = "policylayer.policy.reloads";

    public const string GenAiOperation = "gen_ai.operation.name";
    public const string Tool = "gen_ai.tool.name";
    public const string ErrorType = "error.type";
    public const string DecisionId = "policylayer.decision.id";
    public const string DecisionOutcome = "policylayer.decision.outcome";
    public const string DecisionCode = "policylayer.decision.code";
    public const string DecisionRule = "policylayer.decision.rule";
    public const string ToolRisk = "policylayer.tool.risk";
    public const string PolicyName = "policylayer.policy.name";
    public const string PolicyRevision = "policylayer.policy.revision";
    public const string ReloadOutcome = "policylayer.reload.outcome";
    public const string Operation = "policylayer.operation.name";
    public const string OperationPlace = "policylayer.operation.place";

    /// <summary>A reload that is in force.</summary>
    public const string ReloadApplied = "applied";

    /// <summary>Documents that can't be put in force: those before stay so.</summary>
    public const string ReloadRejected = "rejected";

    /// <summary>The operation that a decision is about.</summary>
    public const string ExecuteTool = "execute_tool";

    /// <summary>All tools that the policy doesn't name, as an agent may invent any number: OpenTelemetry's word for the rest.</summary>
    public const string OtherTool = "_OTHER";
}
