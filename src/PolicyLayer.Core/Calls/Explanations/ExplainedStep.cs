using System.Diagnostics;
using System.Globalization;

namespace PolicyLayer;

/// <summary>One thing that a call meets on its way to a decision: a rule, the schema, a limit, what comes before. Immutable.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class ExplainedStep
{
    internal ExplainedStep()
    {
    }

    /// <summary>
    /// The number of the step: 1 the grant, 2 the form of the call, 3 <c>hide</c>, 4 <c>default</c>, 5 <c>action</c>, 6 <c>arguments</c>,
    /// 7 <c>require</c>, 8 <c>deny_if</c>, 9 orders where a person may have to approve the call, 10 approval, 11 limits, and orders
    /// elsewhere.
    /// </summary>
    public required int Step { get; init; }

    /// <summary>
    /// The JSON Pointer, inside the policy, of what is met; empty when it is no part of the policy. Of step 4 it is the tool's entry, or
    /// <c>/tools</c> for one of the entries that say nothing of their own.
    /// </summary>
    public required string Rule { get; init; }

    /// <summary>
    /// For a rule of <c>require</c>, <c>deny_if</c> or <c>approve_if</c> whether it holds; for all else whether the call passes.
    /// </summary>
    public required ExplainedResult Result { get; init; }

    /// <summary>What the call gets where this is the first step that stands against it; null for a step that doesn't.</summary>
    public DecisionCode? Code { get; init; }

    /// <summary>In words, where there is something to say. They name arguments and kinds, never a value.</summary>
    public string? Why { get; init; }

    /// <summary>The conditions of a rule, those of <c>any</c> included; empty for all else.</summary>
    public IReadOnlyList<ExplainedCondition> Conditions { get; init; } = [];

    /// <summary>The step, what is met there, and the result.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Step} {Rule}: {Result}");

    /// <summary>The same step, with what the call gets by it now that more is known of the call.</summary>
    internal ExplainedStep Under(DecisionCode? code, string? why) =>
        new() { Step = Step, Rule = Rule, Result = Result, Code = code, Why = why ?? Why, Conditions = Conditions };
}
