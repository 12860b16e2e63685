using System.Diagnostics;
using PolicyLayer.Authorization.Decisions;

namespace PolicyLayer;

/// <summary>
/// What would be decided about a call, and why: each step that it meets, also those behind the one that decides. It holds no argument
/// values, but for what counters add up; of the policy it says what denials do. Immutable.
/// </summary>
/// <remarks>
/// It is no decision, and lets no call run: nothing was spent, and nothing is reserved. The first of <see cref="Steps"/> with a code is the
/// one that decides, and says the same as <see cref="Code"/> and <see cref="Rule"/>.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class ToolCallExplanation
{
    internal ToolCallExplanation(in ToolCallDecision decision)
    {
        Outcome = decision.Outcome;
        Code = decision.Code;
        Rule = decision.Rule;
        Message = decision.Message;
        RetryAfter = decision.RetryAfter;
        ToolName = decision.ToolName;
        GrantId = decision.GrantId;
        PolicyName = decision.PolicyName;
        PolicyRevision = decision.PolicyRevision;
    }

    /// <summary>What the host would have to do.</summary>
    public DecisionOutcome Outcome { get; }

    /// <summary>Why.</summary>
    public DecisionCode Code { get; }

    /// <summary>The JSON Pointer, inside the policy, of what decides; empty when no part of the policy does.</summary>
    public string Rule { get; }

    /// <summary>What the agent would be told; null when the call is allowed.</summary>
    public string? Message { get; }

    /// <summary>When the same call may fit its limits again, rounded up to milliseconds; null when waiting doesn't help.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>The tool that the call names.</summary>
    public string ToolName { get; }

    /// <summary>The grant that the call uses.</summary>
    public string GrantId { get; }

    /// <summary>The name of the policy that judges the call; empty for none.</summary>
    public string PolicyName { get; }

    /// <summary>The revision of that policy.</summary>
    public string PolicyRevision { get; }

    /// <summary>The steps that the call meets, in the order in which the first that stands against it decides.</summary>
    public required IReadOnlyList<ExplainedStep> Steps { get; init; }

    /// <summary>What the call's limits stand at, before it; empty where nothing could be looked at.</summary>
    public required IReadOnlyList<ExplainedLimit> Limits { get; init; }

    /// <summary>What the approval of a person would cover; null for a call that needs none.</summary>
    public ExplainedApproval? Approval { get; init; }

    /// <summary>Whether there were more steps than could be looked at, as the call takes too much work.</summary>
    public bool IsCut { get; init; }

    /// <summary>The outcome, the code, the rule, the tool and the grant, as of the decision; no value of an argument.</summary>
    public override string ToString() => DecisionText.Of(Outcome, Code, Rule, ToolName, GrantId);
}
