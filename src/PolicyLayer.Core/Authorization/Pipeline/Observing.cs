using System.Diagnostics;
using PolicyLayer.DecisionTree;
using PolicyLayer.Telemetry;

namespace PolicyLayer.Authorization.Pipeline;

/// <summary>Begins what listeners are told of a decision, where there are any.</summary>
internal sealed class Observing(IReadOnlyList<Policy> initial, TimeProvider time)
{
    // The operation is known when the span begins, so that a sampler may go by it.
    private static readonly KeyValuePair<string, object?>[] Operation =
        [KeyValuePair.Create<string, object?>(TelemetryNames.GenAiOperation, TelemetryNames.ExecuteTool)];

    private volatile Dictionary<string, PolicyTree> _trees = TreesOf(initial);

    /// <summary>Name and revision of each policy.</summary>
    public IReadOnlyList<(string Name, string Revision)> Policies =>
        [.. _trees.Values.Select(tree => (tree.Verdicts.Policy.Name, tree.Verdicts.Policy.Revision))];

    /// <summary>Goes by other policies from now on; of a call that an older one judges the word is that of now.</summary>
    public void Replace(IReadOnlyList<Policy> policies) => _trees = TreesOf(policies);

    /// <summary>It never throws, whatever listeners and the clock do.</summary>
    public ObservedDecision Begin(in ToolCall call) => new(this, Start(call), ReadTimestamp());

    /// <summary>The policy's own word for the tool, which may be a pattern; what the policy doesn't name is one of the rest.</summary>
    public string WordFor(in ToolCallDecision decision) =>
        _trees.GetValueOrDefault(decision.PolicyName)?.WordFor(decision.ToolName) ?? TelemetryNames.OtherTool;

    public TimeSpan? ElapsedSince(long started) => started == HostClock.NoTime ? null : time.GetElapsedTime(started);

    private static Dictionary<string, PolicyTree> TreesOf(IReadOnlyList<Policy> policies) =>
        policies.ToDictionary(policy => policy.Name, policy => policy.Tree, StringComparer.Ordinal);

    private static Activity? Start(in ToolCall call)
    {
        try
        {
            Activity? ambient = Activity.Current;
            bool isOfCaller = CallerTrace.TryRead(call, out ActivityContext caller) && ambient?.TraceId != caller.TraceId;
            bool isLinked = isOfCaller && ambient is { IdFormat: ActivityIdFormat.W3C };
            ActivityLink[]? links = isLinked ? [new ActivityLink(ambient!.Context)] : null;
            return Instruments.Activities.StartActivity(
                TelemetryNames.DecisionSpan, ActivityKind.Internal, isOfCaller ? caller : default, Operation, links);
        }
        catch (Exception)
        {
            // A listener threw.
            return null;
        }
    }

    // What a failing clock means for decisions others tell of.
    private long ReadTimestamp()
    {
        try
        {
            return time.GetTimestamp();
        }
        catch (Exception)
        {
            return HostClock.NoTime;
        }
    }
}
