using PolicyLayer.Compilation.Context;
using PolicyLayer.DecisionTree.Paths;
using PolicyLayer.DecisionTree.Rules;
using PolicyLayer.Documents;
using PolicyLayer.Json.Values;
using PolicyLayer.Text;

namespace PolicyLayer.Compilation.Rules;

/// <summary>Compiles one condition: a path, an operator and its operand.</summary>
internal static class ConditionCompiler
{
    private static readonly string[] Members = ["path", "op", "value", "value_from", "optional"];

    public static string[] Operators { get; } =
    [
        "eq", "neq", "in", "not_in", "lt", "lte", "gt", "gte", "regex", "contains", "exists",
        "within", "url_in", "email_in", "command_in", "argv_in",
    ];

    /// <summary>The condition; null, and reported, if it is none.</summary>
    public static Condition? Compile(SyntaxNode node, RuleList list, PathTableBuilder paths, CompilationContext context)
    {
        if (!ObjectReader.TryRead(node, Members, context, out ObjectReader condition))
        {
            return null;
        }

        PolicyPath? path = condition.Require("path") is { } written ? CompilePath(written, context) : null;
        string? op = condition.Require("op") is { } word ? ReadOperator(word, context) : null;
        bool isOptional = ReadOptional(condition, op, context);

        // The operand is read even without a path, so that all findings come in one pass.
        PolicyPath forOperand = path ?? new PolicyPath(PathRoot.Arguments, []);
        int place = path is null ? 0 : paths.Add(path);
        var target = new ConditionTarget(place, forOperand, list.MustHold, isOptional);
        Condition? compiled = CompileOperand(condition, node, op, target, paths, context);
        if (path is not null && op is not null)
        {
            RootPaths.WarnOfKind(path, op, condition, context);
        }

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
            return null;
        }

        WarnOfStars(path, node, context);
        return RootPaths.Check(path, node, context) ? path : null;
    }

    /// <summary>Who means a name of <c>*</c> quotes it.</summary>
    private static void WarnOfStars(PolicyPath path, SyntaxNode node, CompilationContext context)
    {
        if (Array.Exists(path.Steps, step => step.Name is { } name && name.Utf8.SequenceEqual("*"u8))
            && node.GetString().Contains(".*", StringComparison.Ordinal))
        {
            context.Findings.Report(
                DiagnosticDescriptors.TakenLiterally, node, $"The `.*` in {node.Quote()} is a member whose name is `*`.",
                "write `[*]` for all elements of an array; nothing stands for all members of an object");
        }
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

    /// <summary>The condition, by the one operand that it must have.</summary>
    private static Condition? CompileOperand(
        in ObjectReader condition,
        SyntaxNode node,
        string? op,
        in ConditionTarget target,
        PathTableBuilder paths,
        CompilationContext context)
    {
        SyntaxNode? value = condition.Find("value");
        SyntaxMember? taken = condition.FindMember("value_from");
        if (value is null && taken is null)
        {
            context.MissingMember(node, "value", "write `value`, or `value_from` with a path to take the operand from the same call");
            return null;
        }

        if (value is not null && taken is not null)
        {
            context.Findings.Report(
                DiagnosticDescriptors.TwoOperands, taken.Value.Name, "`value_from` beside `value`: a condition has one operand.",
                "remove one of them");
            return null;
        }

        if (taken is { } from)
        {
            return TakenOperand.Compile(op, from.Value, target, paths, context);
        }

        return op is null ? null : LiteralOperand.Compile(op, value!.Value, target, context);
    }

    private static bool ReadOptional(in ObjectReader condition, string? op, CompilationContext context)
    {
        bool isOptional = false;
        foreach ((SyntaxNode name, SyntaxNode value) in condition.Each("optional"))
        {
            isOptional = context.ReadBoolean(value);
            if (isOptional && op == "exists")
            {
                context.Findings.Report(
                    DiagnosticDescriptors.OptionalContradicts, name, "`optional` beside `exists`, which asks whether the value is there.",
                    "remove it");
            }
            else if (isOptional && condition.Find("value") is { } operand && HasNull(operand, op))
            {
                context.Findings.Report(
                    DiagnosticDescriptors.OptionalContradicts, name, "`optional` decides what is null, so that `value` can't ask for null.",
                    "remove `optional`, or the null");
            }
        }

        return isOptional;
    }

    private static bool HasNull(SyntaxNode operand, string? op)
    {
        if (op is not ("in" or "not_in"))
        {
            return operand.Kind == JsonKind.Null;
        }

        foreach (SyntaxNode element in operand.Elements)
        {
            if (element.Kind == JsonKind.Null)
            {
                return true;
            }
        }

        return false;
    }
}
