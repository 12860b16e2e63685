using PolicyLayer.Compilation.Context;
using PolicyLayer.Compilation.Limits;
using PolicyLayer.Compilation.Rules;
using PolicyLayer.Compilation.Schemas;
using PolicyLayer.DecisionTree;
using PolicyLayer.DecisionTree.Rules;
using PolicyLayer.DecisionTree.Verdicts;
using PolicyLayer.Documents;
using PolicyLayer.Json.Values;
using PolicyLayer.Text;

namespace PolicyLayer.Compilation.Tools;

/// <summary>Compiles one entry of <c>tools</c>.</summary>
internal static class ToolCompiler
{
    private static readonly string[] Rules = ["arguments", "require", "deny_if", "approve_if", "limits", "rate_limit"];

    private static readonly string[] Members = ["action", "reason", "description", "risk", .. Rules];

    private static readonly string[] Actions = ["allow", "deny", "require_approval"];

    // `unspecified` is what a policy says by leaving the member out.
    private static readonly string[] Risks = [.. WireNames.Risks.Texts.Where(text => text != ToolRisk.Unspecified.ToWireString())];

    public static ToolEntry Compile(string key, SyntaxNode node, AllToolsRules allTools, SharedSchemas schemas, CompilationContext context)
    {
        if (!context.Expect(node, JsonKind.Object))
        {
            return new ToolEntry(context.Verdicts.Get(DecisionCode.InternalError));
        }

        var tool = new ToolSyntax(allTools, key);
        SyntaxNode? rateLimit = null;
        SyntaxNode? reason = null;
        string? action = "allow";
        foreach (SyntaxMember member in node.Members)
        {
            switch (member.Name.Match(Members))
            {
                case "action":
                    action = ReadAction(member.Value, context);
                    break;
                case "reason":
                    context.ReadText(member.Value);
                    reason = member.Value;
                    break;
                case "description":
                    context.ReadText(member.Value);
                    break;
                case "risk":
                    tool.Risk = ReadRisk(member.Value, context);
                    break;
                case "rate_limit":
                    rateLimit = member.Value;
                    break;
                case { } known:
                    CompileRules(known, member, tool, schemas, context);
                    break;
                default:
                    context.UnknownMember(member.Name, Members);
                    break;
            }
        }

        if (rateLimit is { } shorthand)
        {
            RateLimitCompiler.Compile(shorthand, key, tool.GetLimits(), context);
        }

        if (action == "deny")
        {
            ReportRulesUnderDeny(node, context);
            string? message = reason?.Kind == JsonKind.String ? reason.Value.GetString() : null;
            Place place = PolicyPlaces.Entry(key).Member("action");
            return new ToolEntry(Verdict.Deny(DecisionCode.ActionDeny, context.Policy, tool.Risk, place, message));
        }

        if (Array.Exists(tool.DenyIf, rule => rule.AlwaysHolds))
        {
            ReportUnreachedLimits(node, context);
        }

        if (action == "allow" && reason is { } unused)
        {
            context.Findings.Report(
                DiagnosticDescriptors.UnusedReason, unused, "`reason` has no effect here.", "add `\"action\": \"deny\"`, or remove it");
        }

        return tool.ToEntry(context);
    }

    private static void CompileRules(
        string name, SyntaxMember member, ToolSyntax tool, SharedSchemas schemas, CompilationContext context)
    {
        switch (name)
        {
            case "arguments":
                tool.Arguments = schemas.Compile(member.Value, context);
                break;
            case "require":
                tool.Require = RuleCompiler.Compile(
                    member.Value, new RuleTarget(RuleList.Require, tool.Paths, tool.Seen), context);
                break;
            case "deny_if":
                tool.DenyIf = RuleCompiler.Compile(
                    member.Value, new RuleTarget(RuleList.DenyIf, tool.Paths, tool.Seen), context);
                break;
            case "limits":
                LimitCompiler.Compile(member.Value, tool.Key, tool.GetLimits(), context);
                break;
            default:
                context.Findings.Report(DiagnosticDescriptors.NotSupported, member.Name, $"`{name}` is not supported yet.");
                break;
        }
    }

    private static string? ReadAction(SyntaxNode node, CompilationContext context)
    {
        string? action = context.ReadWord(node, Actions);
        if (action == "require_approval")
        {
            context.Findings.Report(DiagnosticDescriptors.NotSupported, node, "`require_approval` is not supported yet.");
        }

        return action;
    }

    private static void ReportUnreachedLimits(SyntaxNode entry, CompilationContext context)
    {
        foreach (SyntaxMember member in entry.Members)
        {
            if (member.Name.Match(["limits", "rate_limit"]) is not null)
            {
                context.NeverReached(member.Name);
            }
        }
    }

    private static ToolRisk ReadRisk(SyntaxNode node, CompilationContext context) =>
        context.ReadWord(node, Risks) is { } risk ? WireNames.Risks.Parse(risk) : ToolRisk.Unspecified;

    private static void ReportRulesUnderDeny(SyntaxNode entry, CompilationContext context)
    {
        foreach (SyntaxMember member in entry.Members)
        {
            if (member.Name.Match(Rules) is not null)
            {
                context.Findings.Report(
                    DiagnosticDescriptors.RulesUnderDeny,
                    member.Name,
                    $"{member.Name.Quote()} can never matter under `\"action\": \"deny\"`.",
                    "remove it, or the action");
            }
        }
    }
}
