using System.Diagnostics;

namespace PolicyLayer;

/// <summary>One condition of a rule, judged by itself. Immutable.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class ExplainedCondition
{
    internal ExplainedCondition()
    {
    }

    /// <summary>The JSON Pointer of the condition inside the policy.</summary>
    public required string Rule { get; init; }

    /// <summary>The path that it tests.</summary>
    public required string Path { get; init; }

    /// <summary>The operator that it tests with.</summary>
    public required string Operator { get; init; }

    /// <summary>Whether it holds.</summary>
    public required ExplainedResult Result { get; init; }

    /// <summary>Why it can't be judged, or that something is missing; else null.</summary>
    public string? Why { get; init; }

    /// <summary>The path, the operator and the result; no operand, and no value of the call.</summary>
    public override string ToString() => $"{Path} {Operator}: {Result}";
}
