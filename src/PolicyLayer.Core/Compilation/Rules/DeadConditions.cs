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
    /// <param name="arguments">What the schema says.</param>
    /// <param name="context">Where findings go.</param>
    public static void Report(SyntaxNode path, string op, SyntaxNode? value, ArgumentShape arguments, CompilationContext context)
    {
        if (context.Path(path.GetString(), out _) is not { Root: PathRoot.Arguments } steps)
        {
            return;
        }

        SchemaKinds given = arguments.KindsAt(steps.Steps);
        SchemaKinds judged = JudgedBy(op, value);
        if (given == SchemaKinds.None)
        {
            Report(path, $"The `arguments` of this entry let nothing be at {path.Quote()}.", context);
        }
        else if ((given & judged) == SchemaKinds.None)
        {
            Report(
                path,
                $"The `arguments` of this entry let {path.Quote()} be {List(given)}, and this `{op}` can judge {List(judged)} only.",
                context);
        }
    }

    private static void Report(SyntaxNode path, string message, CompilationContext context) => context.Findings.Report(
        DiagnosticDescriptors.DeadCondition, path, message,
        "the condition never fires, or denies every call: correct the path, the operator, its value or `arguments`");

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
