using PolicyLayer.Compilation.Context;
using PolicyLayer.DecisionTree.Rules;
using PolicyLayer.Documents;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Compilation.Rules;

/// <summary>
/// Looks through the rules of one list, as they are written, for conditions that are legal and surely not meant. What is no condition is
/// passed over: it has been reported.
/// </summary>
internal static class RuleWarnings
{
    private static readonly string[] Lists = ["conditions", "any"];

    /// <param name="rules">The list.</param>
    /// <param name="list">Which it is.</param>
    /// <param name="arguments">The schema of the entry's arguments; null without any.</param>
    /// <param name="context">Where findings go.</param>
    public static void Report(SyntaxNode rules, RuleList list, ArgumentShape? arguments, CompilationContext context)
    {
        foreach (SyntaxNode rule in rules.Elements)
        {
            foreach (SyntaxMember member in rule.Members)
            {
                if (member.Name.Match(Lists) is not null)
                {
                    ReportEach(member.Value, list, arguments, context);
                    TimeConditions.Report(member.Value, context);
                }
            }
        }
    }

    /// <summary>The conditions of a list, or of the lists in one.</summary>
    private static void ReportEach(SyntaxNode conditions, RuleList list, ArgumentShape? arguments, CompilationContext context)
    {
        foreach (SyntaxNode element in conditions.Elements)
        {
            foreach (SyntaxNode inner in element.Elements)
            {
                ReportOf(inner, list, arguments, context);
            }

            ReportOf(element, list, arguments, context);
        }
    }

    private static void ReportOf(SyntaxNode condition, RuleList list, ArgumentShape? arguments, CompilationContext context)
    {
        string? op = Find(condition, "op") is { Kind: JsonKind.String } word ? word.GetString() : null;
        SyntaxNode? value = Find(condition, "value");
        if (op == "regex" && list.MustHold && value is { Kind: JsonKind.String } pattern)
        {
            ReportAnchors(pattern, context);
        }

        if (op is "command_in" or "argv_in" && list == RuleList.DenyIf)
        {
            context.Findings.Report(
                DiagnosticDescriptors.DenyListOfCommands,
                Find(condition, "op")!.Value,
                "A list of commands to deny leaves ways around it: `env rm`, `/bin/rm` and `sh -c` aren't `rm`.",
                "list in `require` the commands that may run");
        }

        if (op is "command_in" or "argv_in" && list.MustHold && value is { } commands)
        {
            LauncherPatterns.Report(commands, readsPipes: op == "command_in", context);
        }

        if (op is not null && arguments is not null && Find(condition, "path") is { Kind: JsonKind.String } path)
        {
            DeadConditions.Report(path, op, value, Find(condition, "value_from"), arguments, context);
        }
    }

    /// <summary>A member of what may be a condition; null when it has none.</summary>
    public static SyntaxNode? Find(SyntaxNode condition, string name)
    {
        SyntaxNode? found = null;
        foreach (SyntaxMember member in condition.Members)
        {
            if (member.Name.Match([name]) is not null)
            {
                found = member.Value;
            }
        }

        return found;
    }

    private static void ReportAnchors(SyntaxNode pattern, CompilationContext context)
    {
        string text = pattern.GetString();
        if (text.Length <= context.Options.MaxRegexLength && context.Regexes.Compile(text) is { IsValid: true, IsAnchored: false })
        {
            context.Findings.Report(
                DiagnosticDescriptors.RegexNotAnchored,
                pattern,
                $"{pattern.Quote()} is found anywhere in the text: not every alternative begins with `^` and ends with `$`.",
                "judge a path, URL, address or command by `within`, `url_in`, `email_in` or `command_in`; for other texts anchor the "
                    + "whole, as in `^(?:on|off)$`; where anything may stand around it, say so: `^.*on.*$`, with `(?s)` for lines");
        }
    }
}
