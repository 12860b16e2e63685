using System.Diagnostics;

namespace PolicyLayer;

/// <summary>What the counter of one limit holds before a call. What the call would add is its own value, and not told. Immutable.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class ExplainedLimit
{
    internal ExplainedLimit()
    {
    }

    /// <summary>The JSON Pointer of the limit inside the policy.</summary>
    public required string Rule { get; init; }

    /// <summary>The name of its counter.</summary>
    public required string Counter { get; init; }

    /// <summary>What is used up: calls, or what the limit adds up.</summary>
    public required decimal Used { get; init; }

    /// <summary>What the counter may hold.</summary>
    public required decimal Max { get; init; }

    /// <summary>The counter and the limit's rule; not what it holds, which may be the sum of amounts that calls gave.</summary>
    public override string ToString() => $"{Counter}: {Rule}";
}
