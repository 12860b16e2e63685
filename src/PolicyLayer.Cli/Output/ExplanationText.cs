using System.Globalization;
using System.Text;

namespace PolicyLayer.Cli.Output;

/// <summary>An explanation for a person, below its call: steps, their conditions, limits, and what an approval would cover.</summary>
/// <remarks>
/// INVARIANT: names and pointers are quoted where they have spaces and deceptive characters are marked, so that none makes a line or a word
/// of the tool's own.
/// </remarks>
internal static class ExplanationText
{
    public static void Append(StringBuilder output, ToolCallExplanation explanation, int width)
    {
        foreach (ExplainedStep step in explanation.Steps)
        {
            WrappedText.AppendLine(output, "    " + TextOf(step), width);
            foreach (ExplainedCondition condition in step.Conditions)
            {
                WrappedText.AppendLine(output, "      " + TextOf(condition, step.Rule), width);
            }
        }

        if (explanation.IsCut)
        {
            WrappedText.AppendLine(output, "    There is more: the call takes too much work to look at the rest.", width);
        }

        foreach (ExplainedLimit limit in explanation.Limits)
        {
            WrappedText.AppendLine(output, "    " + TextOf(limit), width);
        }

        if (explanation.Approval is { } approval)
        {
            Append(output, approval, width);
        }
    }

    private static void Append(StringBuilder output, ExplainedApproval approval, int width)
    {
        WrappedText.AppendLine(output, $"    approval: {ApprovalWords.CoverOf(approval)}", width);
        foreach (string rule in approval.Rules)
        {
            WrappedText.AppendLine(output, $"      asked by {VisibleText.OfQuotedName(rule)}", width);
        }

        if (approval.Id is { } id)
        {
            WrappedText.AppendLine(output, $"      id {VisibleText.OfQuotedName(id)}", width);
        }
    }

    private static string TextOf(ExplainedStep step)
    {
        string met = step.Rule.Length == 0 ? WordOf(step.Step) : VisibleText.OfQuotedName(step.Rule);
        string code = step.Code is { } stood ? " " + stood.ToWireString() : "";
        return string.Create(CultureInfo.InvariantCulture, $"{step.Step} {met}: {step.Result.ToWireString()}{code}{WhyOf(step.Why)}");
    }

    // Below its rule, a condition's pointer needs no more than what tells it from the others.
    private static string TextOf(ExplainedCondition condition, string rule)
    {
        string pointer = condition.Rule.StartsWith(rule + "/", StringComparison.Ordinal)
            ? condition.Rule[(rule.Length + 1)..]
            : condition.Rule;
        string test = $"{VisibleText.OfQuotedName(condition.Path)} {VisibleText.OfName(condition.Operator)}";
        return $"{VisibleText.OfQuotedName(pointer)} {test}: {condition.Result.ToWireString()}{WhyOf(condition.Why)}";
    }

    private static string TextOf(ExplainedLimit limit)
    {
        string counter = $"{VisibleText.OfQuotedName(limit.Counter)} {VisibleText.OfQuotedName(limit.Rule)}";
        return $"limit {counter}: {AmountText.Of(limit.Used)} of {AmountText.Of(limit.Max)} used";
    }

    private static string WhyOf(string? why) => why is null ? "" : $": {VisibleText.Of(why)}{RightToLeft.NoteOf(why)}";

    /// <summary>What a step is about where no part of the policy is met.</summary>
    private static string WordOf(int step) => step switch
    {
        1 => "grant",
        2 => "form",
        3 => "hide",
        4 => "default",
        5 => "action",
        6 => "arguments",
        7 => "require",
        8 => "deny_if",
        9 => "orders",
        10 => "approval",
        _ => "limits",
    };
}
