using PolicyLayer.Compilation.Approvals;
using PolicyLayer.Compilation.Context;
using PolicyLayer.Compilation.Limits;
using PolicyLayer.Compilation.Orders;
using PolicyLayer.Compilation.Rules;
using PolicyLayer.Compilation.Schemas;
using PolicyLayer.DecisionTree;
using PolicyLayer.DecisionTree.Rules;
using PolicyLayer.DecisionTree.Verdicts;
using PolicyLayer.Documents;
using PolicyLayer.Text;

namespace PolicyLayer.Compilation.Tools;

/// <summary>Compiles one entry of <c>tools</c>.</summary>
internal static class ToolCompiler
{
    private static readonly string[] Rules =
        ["arguments", "require", "deny_if", "approve_if", "approval", "after", "not_after", "limits", "rate_limit"];

    private static readonly string[] Members = ["action", "reason", "description", "risk", .. Rules];

    private const string Help = "write `{}` to list the tool, or `{ \"action\": \"deny\" }` to deny it";

    private static readonly string[] Actions = ["allow", "deny", "require_approval"];

    // `unspecified` is what a policy says by leaving the member out.
    private static readonly string[] Risks = [.. WireNames.Risks.Texts.Where(text => text != ToolRisk.Unspecified.ToWireString())];

    /// <summary>Compiles an entry; one that is word for word like an earlier one without findings only once.</summary>
    public static ToolEntry Compile(string key, SyntaxNode node, SharedParts shared, CompilationContext context)
    {
        if (shared.Entries.Find(node, out int place) is { } known)
        {
            return known.Under(key);
        }

        int findings = context.Findings.Reported;
        ToolEntry entry = Compile(key, node, shared, context, out bool namesKey);
        if (!namesKey && context.Findings.Reported == findings)
        {
            shared.Entries.Remember(place, node, entry);
        }

        return entry;
    }

    private static ToolEntry Compile(
        string key, SyntaxNode node, SharedParts shared, CompilationContext context, out bool namesKey)
    {
        namesKey = true;
        if (!ObjectReader.TryRead(node, Members, context, out ObjectReader entry, Help))
        {
            return new ToolEntry(context.Verdicts.Get(DecisionCode.InternalError));
        }

        var tool = new ToolSyntax(shared.AllTools, key);
        string? action = ReadAction(entry, context);
        string? reason = entry.ReadText("reason");
        entry.ReadText("description");
        foreach ((_, SyntaxNode risk) in entry.Each("risk"))
        {
            tool.Risk = ReadRisk(risk, context);
        }

        ArgumentShape? shape = CompileRules(entry, tool, shared.Schemas, context);
        CompileApprovals(entry, tool, action, reason, shape, context);
        CompileOrders(entry, tool, shared.Marks, context);
        CompileLimits(entry, tool, shared.Limits, context);
        if (action == "deny")
        {
            ReportRulesUnderDeny(entry, context);
            Place place = PolicyPlaces.Entry(key).Member("action");
            return new ToolEntry(Verdict.Deny(DecisionCode.ActionDeny, context.Policy, tool.Risk, place, reason));
        }

        if (Array.Exists(tool.DenyIf, rule => rule.AlwaysHolds))
        {
            ReportUnreached(entry, tool.AlwaysAsked is not null, context);
        }

        if (action == "allow" && entry.Find("reason") is { } unused && !NeedsReason(entry))
        {
            context.Findings.Report(
                DiagnosticDescriptors.UnusedReason, unused, "`reason` has no effect here.",
                "add `\"action\": \"deny\"` or `\"require_approval\"`, or remove it");
        }

        namesKey = tool.Require.Length + tool.DenyIf.Length > 0 || tool.AsksApproval || tool.Orders is not null
            || entry.Find("rate_limit") is not null;
        return tool.ToEntry(context);
    }

    /// <summary>What the arguments must be, and the rules that deny. Returns what is known of the arguments, or null.</summary>
    private static ArgumentShape? CompileRules(
        in ObjectReader entry, ToolSyntax tool, SharedSchemas schemas, CompilationContext context)
    {
        ArgumentShape? shape = null;
        foreach ((_, SyntaxNode schema) in entry.Each("arguments"))
        {
            shape = new ArgumentShape(schema, context);
            tool.Arguments = schemas.Compile(schema, context);
        }

        foreach ((_, SyntaxNode list) in entry.Each("require"))
        {
            tool.Require = RuleCompiler.Compile(list, tool.Target(RuleList.Require), context);
            RuleWarnings.Report(list, RuleList.Require, shape, context);
        }

        foreach ((_, SyntaxNode list) in entry.Each("deny_if"))
        {
            tool.DenyIf = RuleCompiler.Compile(list, tool.Target(RuleList.DenyIf), context);
            RuleWarnings.Report(list, RuleList.DenyIf, shape, context);
        }

        return shape;
    }

    /// <summary>What asks for approval: some calls by rules, and all by the action.</summary>
    private static void CompileApprovals(
        in ObjectReader entry, ToolSyntax tool, string? action, string? reason, ArgumentShape? shape, CompilationContext context)
    {
        foreach ((_, SyntaxNode cover) in entry.Each("approval"))
        {
            tool.Cover = CoverCompiler.Compile(cover, tool.Paths, shape, context);
        }

        foreach ((_, SyntaxNode list) in entry.Each("approve_if"))
        {
            tool.ApproveIf = RuleCompiler.Compile(list, tool.Target(RuleList.ApproveIf, reason), context);
            RuleWarnings.Report(list, RuleList.ApproveIf, shape, context);
        }

        if (action == "require_approval")
        {
            Place place = PolicyPlaces.Entry(tool.Key).Member("action");
            tool.AlwaysAsked = Verdict.Deny(DecisionCode.ApprovalRequired, context.Policy, tool.Risk, place, reason);
        }

        if (action == "allow" && !HasRules(entry) && entry.FindMember("approval") is { } unused)
        {
            context.Findings.Report(
                DiagnosticDescriptors.UnusedApproval, unused.Name, "`approval` has no effect here: the entry asks nobody.",
                "add `\"action\": \"require_approval\"` or rules in `approve_if`, or remove it");
        }
    }

    /// <summary>Whether rules are written that ask for approval, though they be none.</summary>
    private static bool HasRules(in ObjectReader entry) => entry.Find("approve_if") is { } list && list.Elements.MoveNext();

    /// <summary>Whether a rule that asks for approval says nothing itself.</summary>
    private static bool NeedsReason(in ObjectReader entry)
    {
        foreach ((_, SyntaxNode list) in entry.Each("approve_if"))
        {
            foreach (SyntaxNode rule in list.Elements)
            {
                if (RuleWarnings.Find(rule, "reason") is null)
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static void CompileOrders(in ObjectReader entry, ToolSyntax tool, RequestedMarks marks, CompilationContext context)
    {
        foreach (string member in (ReadOnlySpan<string>)["after", "not_after"])
        {
            foreach ((_, SyntaxNode list) in entry.Each(member))
            {
                OrderCompiler.Compile(list, member, tool.Key!, tool.GetOrders(), marks, context);
            }
        }
    }

    private static void CompileLimits(in ObjectReader entry, ToolSyntax tool, SharedLimits limits, CompilationContext context)
    {
        foreach ((_, SyntaxNode list) in entry.Each("limits"))
        {
            limits.Compile(list, tool.Key!, tool.GetLimits(), context);
        }

        if (entry.Find("rate_limit") is { } shorthand)
        {
            RateLimitCompiler.Compile(shorthand, tool.Key!, tool.GetLimits(), context);
        }
    }

    private static string? ReadAction(in ObjectReader entry, CompilationContext context)
    {
        string? action = "allow";
        foreach ((_, SyntaxNode word) in entry.Each("action"))
        {
            action = context.ReadWord(word, Actions);
        }

        return action;
    }

    private static ToolRisk ReadRisk(SyntaxNode node, CompilationContext context) =>
        context.ReadWord(node, Risks) is { } risk ? WireNames.Risks.Parse(risk) : ToolRisk.Unspecified;

    private static void ReportUnreached(in ObjectReader entry, bool asksAlways, CompilationContext context)
    {
        if (asksAlways)
        {
            context.NeverReached(entry.FindMember("action")!.Value.Name);
        }

        foreach (string member in (ReadOnlySpan<string>)["approve_if", "approval", "after", "not_after", "limits", "rate_limit"])
        {
            foreach ((SyntaxNode name, _) in entry.Each(member))
            {
                context.NeverReached(name);
            }
        }
    }

    private static void ReportRulesUnderDeny(in ObjectReader entry, CompilationContext context)
    {
        foreach (string rules in Rules)
        {
            foreach ((SyntaxNode name, _) in entry.Each(rules))
            {
                context.Findings.Report(
                    DiagnosticDescriptors.RulesUnderDeny,
                    name,
                    $"{name.Quote()} can never matter under `\"action\": \"deny\"`.",
                    "remove it, or the action");
            }
        }
    }
}
