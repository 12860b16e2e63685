using PolicyLayer.Counters;

namespace PolicyLayer.DecisionTree;

/// <summary>One limit of a policy.</summary>
internal sealed class LimitNode(CounterDefinition counter, long maxMillionths, string pointer, string? onDeny)
{
    public CounterDefinition Counter => counter;

    public long MaxMillionths => maxMillionths;

    /// <summary>The JSON Pointer of the limit.</summary>
    public string Pointer => pointer;

    /// <summary>The author's words for a refused agent.</summary>
    public string? OnDeny => onDeny;
}
