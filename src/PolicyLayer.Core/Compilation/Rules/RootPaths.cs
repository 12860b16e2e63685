using System.Text;
using PolicyLayer.Compilation.Context;
using PolicyLayer.DecisionTree.Paths;
using PolicyLayer.Documents;
using PolicyLayer.Json.Values;
using PolicyLayer.Text;

namespace PolicyLayer.Compilation.Rules;

/// <summary>What is known of paths under roots whose values are all of one kind: attributes are strings, times numbers.</summary>
internal static class RootPaths
{
    /// <summary>Whether a root has what a path names; reports it if not.</summary>
    public static bool Check(PolicyPath path, SyntaxNode node, CompilationContext context)
    {
        if (RootNames.Under(path.Root) is not { } names || (path.Steps is [{ Name: { } name }] && IsOneOf(name, names)))
        {
            return true;
        }

        string root = path.Root == PathRoot.Call ? "call" : "time";
        string[] paths = [.. names.Select(known => $"{root}.{known}")];
        context.Findings.Report(
            DiagnosticDescriptors.InvalidPath,
            node,
            $"{node.Quote()} is not a path: `{root}` has no such value.",
            () => SuggestTime(path) ?? Spelling.Suggest(node.GetString(), paths) ?? $"use {SyntaxReader.List(paths)}");
        return false;
    }

    private static string? SuggestTime(PolicyPath path) =>
        path is { Root: PathRoot.Time, Steps: [{ Name: { } name }] } ? Encoding.UTF8.GetString(name.Utf8) switch
        {
            "minute" or "minutes" or "time" or "second" => "use `time.minute_of_day`, which is 60 times the hour plus the minute",
            "day_of_week" or "dayofweek" or "dow" => "use `time.weekday`, Monday 1 to Sunday 7",
            "date" or "day_of_month" => "use `time.day`, and `time.month` beside it",
            _ => null,
        }
        : null;

    /// <summary>Warns of a condition that is unjudgeable whatever the call says.</summary>
    public static void WarnOfKind(PolicyPath path, string op, in ObjectReader condition, CompilationContext context)
    {
        SyntaxNode written = condition.Find("path")!.Value;
        JsonKind? kind = KindOf(path);
        if (path.Root == PathRoot.Grant && path.Steps is not [{ Name: not null }])
        {
            Warn(written, $"Nothing is below an attribute, which is a string: {written.Quote()} leads nowhere.", context);
        }
        else if (kind is { } known && !(Accepts(op, known) && MayEqual(op, known, condition, context)))
        {
            Warn(written, $"{written.Quote()} is {SyntaxReader.Describe(known)}, which `{op}` can't judge by this operand.", context);
        }
        else if (condition.Find("value_from") is { } taken
            && PathOf(taken, context) is { } source
            && KindOf(source) is { } operand
            && !TakesFrom(op, operand))
        {
            Warn(taken, $"{taken.Quote()} is {SyntaxReader.Describe(operand)}, which is no operand of `{op}`.", context);
        }
    }

    private static void Warn(SyntaxNode node, string problem, CompilationContext context) =>
        context.Findings.Report(
            DiagnosticDescriptors.NeverJudged, node, problem, "what can't be judged stands against every call; compare values of one kind");

    private static bool IsOneOf(MemberName name, IReadOnlyList<string> names) =>
        names.Contains(Encoding.UTF8.GetString(name.Utf8), StringComparer.Ordinal);

    /// <summary>The kind of all values under a root; null where they may be of any.</summary>
    private static JsonKind? KindOf(PolicyPath path) => path.Root switch
    {
        PathRoot.Grant or PathRoot.Call => JsonKind.String,
        PathRoot.Time => JsonKind.Number,
        _ => null,
    };

    private static PolicyPath? PathOf(SyntaxNode node, CompilationContext context) =>
        node.Kind == JsonKind.String ? context.Path(node.GetString(), out _) : null;

    private static bool Accepts(string op, JsonKind kind) => op switch
    {
        "exists" or "eq" or "neq" or "in" or "not_in" => true,
        "lt" or "lte" or "gt" or "gte" => kind == JsonKind.Number,
        "argv_in" => false,
        _ => kind == JsonKind.String,
    };

    private static bool TakesFrom(string op, JsonKind operand) => op switch
    {
        "in" or "not_in" => false,
        "lt" or "lte" or "gt" or "gte" => operand == JsonKind.Number,
        "within" or "url_in" or "email_in" or "command_in" or "argv_in" => operand == JsonKind.String,
        _ => true,
    };

    /// <summary>Whether an operand of equality, or of a part of a string, may be of the kind.</summary>
    private static bool MayEqual(string op, JsonKind kind, in ObjectReader condition, CompilationContext context)
    {
        if (op is not ("eq" or "neq" or "in" or "not_in" or "contains"))
        {
            return true;
        }

        if (condition.Find("value") is not { } value)
        {
            return op is "in" or "not_in"
                || condition.Find("value_from") is not { } taken
                || PathOf(taken, context) is not { } source
                || KindOf(source) is null
                || KindOf(source) == kind;
        }

        return op is "in" or "not_in" ? value.Kind != JsonKind.Array || HasKind(value, kind) : value.Kind == kind;
    }

    private static bool HasKind(SyntaxNode list, JsonKind kind)
    {
        bool isEmpty = true;
        foreach (SyntaxNode element in list.Elements)
        {
            isEmpty = false;
            if (element.Kind == kind)
            {
                return true;
            }
        }

        return isEmpty;
    }
}
