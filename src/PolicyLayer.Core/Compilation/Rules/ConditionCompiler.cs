using PolicyLayer.Compilation.Context;
using PolicyLayer.DecisionTree.Paths;
using PolicyLayer.DecisionTree.Rules;
using PolicyLayer.Documents;
using PolicyLayer.Json.Values;
using PolicyLayer.Regexes;
using PolicyLayer.Text;

namespace PolicyLayer.Compilation.Rules;

/// <summary>Compiles one condition: a path, an operator and its operand.</summary>
internal static class ConditionCompiler
{
    private static readonly string[] Members = ["path", "op", "value"];

    private static readonly string[] Operators =
        ["eq", "neq", "in", "not_in", "lt", "lte", "gt", "gte", "regex", "contains", "exists"];

    /// <summary>The condition; null, and reported, if it is none.</summary>
    public static Condition? Compile(SyntaxNode node, RuleList list, PathTableBuilder paths, CompilationContext context)
    {
        if (!ObjectReader.TryRead(node, Members, context, out ObjectReader condition))
        {
            return null;
        }

        PolicyPath? path = condition.Require("path") is { } written ? CompilePath(written, context) : null;
        string? op = condition.Require("op") is { } word ? ReadOperator(word, context) : null;
        if (condition.Require("value") is not { } value || op is null)
        {
            return null;
        }

        // The operand is read even without a path, so that all findings come in one pass.
        PolicyPath forOperand = path ?? new PolicyPath(PathRoot.Arguments, []);
        int place = path is null ? 0 : paths.Add(path);
        Condition? compiled = CompileOperand(op, value, new ConditionTarget(place, forOperand, list.MustHold), context);
        return path is null ? null : compiled;
    }

    /// <summary>A path; null, and reported, if it is none.</summary>
    public static PolicyPath? CompilePath(SyntaxNode node, CompilationContext context)
    {
        if (!context.Expect(node, JsonKind.String))
        {
            return null;
        }

        PolicyPath? path = context.Path(node.GetString(), out string? problem);
        if (path is null)
        {
            context.Findings.Report(
                DiagnosticDescriptors.InvalidPath,
                node,
                $"{node.Quote()} is not a path: {problem}.",
                "write a root and steps, as in `args.user[\"first name\"].roles[0]` or `args.items[*].price`");
        }

        return path;
    }

    private static string? ReadOperator(SyntaxNode node, CompilationContext context)
    {
        if (!context.Expect(node, JsonKind.String))
        {
            return null;
        }

        string? name = node.Match(Operators);
        if (name is null)
        {
            context.Findings.Report(
                DiagnosticDescriptors.UnknownOperator,
                node,
                $"{node.Quote()} is not an operator.",
                () => OperatorHabits.Suggest(node.GetString())
                    ?? Spelling.Suggest(node.GetString(), Operators)
                    ?? $"use one of `{string.Join("`, `", Operators)}`");
        }

        return name;
    }

    private static Condition? CompileOperand(string op, SyntaxNode value, ConditionTarget target, CompilationContext context)
    {
        switch (op)
        {
            case "eq" or "neq":
                return new EqualityCondition(target, PolicyValue.Of(value.Value), op == "neq");
            case "contains":
                return new ContainsCondition(target, PolicyValue.Of(value.Value));
            case "in" or "not_in":
                return ReadList(value, op, context) is { } list ? CompileList(list, op == "not_in", target) : null;
            case "regex":
                return ReadRegex(value, context) is { } regex ? new RegexCondition(target, regex) : null;
            case "exists":
                return ExpectOperand(value, value.Kind.IsBoolean(), op, "`true` or `false`", context)
                    ? new ExistsCondition(target, value.Kind == JsonKind.True)
                    : null;
            default:
                return ExpectOperand(value, value.Kind == JsonKind.Number, op, "a number", context)
                    ? new OrderCondition(target, OrderOf(op), new StoredNumber(value.Raw))
                    : null;
        }
    }

    /// <summary>A list of one means what equality with it does, and takes less.</summary>
    private static Condition CompileList(PolicyValue[] values, bool isNegated, ConditionTarget target) =>
        values.Length == 1
            ? new EqualityCondition(target, values[0], isNegated)
            : new MembershipCondition(target, values, isNegated);

    private static NumericOperator OrderOf(string op) => op switch
    {
        "lt" => NumericOperator.Less,
        "lte" => NumericOperator.LessOrEqual,
        "gt" => NumericOperator.Greater,
        _ => NumericOperator.GreaterOrEqual,
    };

    private static PolicyValue[]? ReadList(SyntaxNode node, string op, CompilationContext context)
    {
        if (!ExpectOperand(node, node.Kind == JsonKind.Array, op, "an array", context))
        {
            return null;
        }

        var values = new List<PolicyValue>();
        foreach (SyntaxNode element in node.Elements)
        {
            values.Add(PolicyValue.Of(element.Value));
        }

        if (node.End == node.Index + 1)
        {
            context.Findings.Report(
                DiagnosticDescriptors.EmptyList, node, "The list is empty, so nothing can ever be in it.", "name at least one value");
            return null;
        }

        if (values.Exists(value => !value.Kind.IsSameKindAs(values[0].Kind)))
        {
            context.Findings.Report(
                DiagnosticDescriptors.MixedKinds, node, "The list mixes kinds; an argument equals only elements of its own kind.",
                "use one kind");
        }

        return [.. values];
    }

    private static LinearRegex? ReadRegex(SyntaxNode node, CompilationContext context) =>
        ExpectOperand(node, node.Kind == JsonKind.String, "regex", "a string", context)
            ? RegexCompiler.Compile(node, DiagnosticDescriptors.RegexRefused, context)
            : null;

    private static bool ExpectOperand(SyntaxNode node, bool isRight, string op, string expected, CompilationContext context)
    {
        if (!isRight)
        {
            context.Findings.Report(
                DiagnosticDescriptors.WrongOperand, node, $"`{op}` takes {expected}, not {SyntaxReader.Describe(node.Kind)}.");
        }

        return isRight;
    }
}
