using PolicyLayer.Compilation.Context;
using PolicyLayer.Compilation.Schemas;
using PolicyLayer.DecisionTree.Paths;
using PolicyLayer.Documents;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Compilation.Rules;

/// <summary>Warns of conditions that the entry's own <c>arguments</c> leave nothing to judge.</summary>
internal static class DeadConditions
{
    private static readonly (SchemaKinds Kind, string Name)[] Names =
    [
        (SchemaKinds.Null, "null"), (SchemaKinds.Boolean, "a boolean"), (SchemaKinds.Number, "a number"), (SchemaKinds.String, "a string"),
        (SchemaKinds.Array, "an array"), (SchemaKinds.Object, "an object"),
    ];

    /// <param name="path">The condition's path.</param>
    /// <param name="op">Its operator.</param>
    /// <param name="value">Its operand; null where it is another one.</param>
    /// <param name="taken">The path of an operand from the call; null without one.</param>
    /// <param name="arguments">What the schema says.</param>
    /// <param name="context">Where findings go.</param>
    public static void Report(
        SyntaxNode path, string op, SyntaxNode? value, SyntaxNode? taken, ArgumentShape arguments, CompilationContext context)
    {
        SchemaKinds operand = taken is { } source ? ReportOperand(source, op, arguments, context) : SchemaKinds.All;
        if (operand == SchemaKinds.None || KindsAt(path, arguments, context) is not { } given)
        {
            return;
        }

        SchemaKinds judged = op is "eq" or "neq" && taken is not null ? operand : JudgedBy(op, value);
        if (given == SchemaKinds.None)
        {
            ReportNothing(path, context);
        }
        else if ((given & judged) == SchemaKinds.None)
        {
            Report(
                path,
                $"The `arguments` of this entry let {path.Quote()} be {List(given)}, and this `{op}` can judge {List(judged)} only.",
                context);
        }
    }

    /// <summary>The kinds that an operand from the call may have; none, and reported, where it is no operand.</summary>
    private static SchemaKinds ReportOperand(SyntaxNode path, string op, ArgumentShape arguments, CompilationContext context)
    {
        if (KindsAt(path, arguments, context) is not { } given)
        {
            return SchemaKinds.All;
        }

        // Null is no operand of any operator.
        SchemaKinds taken = given & TakenBy(op) & ~SchemaKinds.Null;
        if (given == SchemaKinds.None)
        {
            ReportNothing(path, context);
        }
        else if (taken == SchemaKinds.None)
        {
            Report(path, $"The `arguments` of this entry let {path.Quote()} be {List(given)}, which is no operand of `{op}`.", context);
        }

        return taken;
    }

    /// <summary>The kinds that valid arguments may have at a path; null for a path that leads elsewhere.</summary>
    private static SchemaKinds? KindsAt(SyntaxNode path, ArgumentShape arguments, CompilationContext context) =>
        path.Kind == JsonKind.String && context.Path(path.GetString(), out _) is { Root: PathRoot.Arguments } steps
            ? arguments.KindsAt(steps.Steps)
            : null;

    private static void ReportNothing(SyntaxNode path, CompilationContext context) =>
        Report(path, $"The `arguments` of this entry let nothing be at {path.Quote()}.", context);

    private static void Report(SyntaxNode path, string message, CompilationContext context) => context.Findings.Report(
        DiagnosticDescriptors.DeadCondition, path, message,
        "the condition never fires, or stands against every call: correct the path, the operator, its value or `arguments`");

    private static SchemaKinds TakenBy(string op) => op switch
    {
        "in" or "not_in" => SchemaKinds.Array,
        "lt" or "lte" or "gt" or "gte" => SchemaKinds.Number,
        "within" or "url_in" or "email_in" or "command_in" or "argv_in" => SchemaKinds.String | SchemaKinds.Array,
        _ => SchemaKinds.All,
    };

    /// <summary>The kinds of arguments that an operator can judge; all where it isn't known, or its operand isn't.</summary>
    private static SchemaKinds JudgedBy(string op, SyntaxNode? value) => op switch
    {
        "lt" or "lte" or "gt" or "gte" => SchemaKinds.Number,
        "regex" or "within" or "url_in" or "email_in" or "command_in" => SchemaKinds.String,
        "argv_in" => SchemaKinds.Array,
        "eq" or "neq" when value is { } operand => SchemaKindSets.Of(operand.Kind),
        "in" or "not_in" when value is { Kind: JsonKind.Array } operands => KindsIn(operands),
        "contains" when value is { } part => part.Kind == JsonKind.String ? SchemaKinds.String | SchemaKinds.Array : SchemaKinds.Array,
        _ => SchemaKinds.All,
    };

    private static SchemaKinds KindsIn(SyntaxNode operands)
    {
        SchemaKinds kinds = SchemaKinds.None;
        foreach (SyntaxNode operand in operands.Elements)
        {
            kinds |= SchemaKindSets.Of(operand.Kind);
        }

        return kinds == SchemaKinds.None ? SchemaKinds.All : kinds;
    }

    private static string List(SchemaKinds kinds) =>
        string.Join(" or ", Names.Where(name => (kinds & name.Kind) != SchemaKinds.None).Select(name => name.Name));
}
