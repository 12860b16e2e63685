namespace PolicyLayer.Tests.Differential;

/// <summary>
/// Judges a value by a schema in three values, by the words of the policy's description and nothing else. Only the keywords that
/// combine schemas or declare names, and a few that say something of a value.
/// </summary>
internal static class NaiveSchema
{
    private static readonly string[] Declaring = ["properties", "required", "dependentRequired", "dependentSchemas"];

    public static Truth Judge(Json schema, Json value)
    {
        if (schema.Kind == "boolean")
        {
            return TruthTable.Of(schema.Text == "true");
        }

        return TruthTable.All(schema.Members.Select(keyword => Judge(schema, keyword.Name, keyword.Value, value)));
    }

    private static Truth Judge(Json schema, string keyword, Json operand, Json value) => keyword switch
    {
        "const" => TruthTable.Of(operand.ToString() == value.ToString()),
        "enum" => TruthTable.Of(operand.Items.Exists(item => item.ToString() == value.ToString())),
        "type" => TruthTable.Of(NaiveValues.HasType(schema, operand, value)),
        "nullable" => Truth.True,
        "format" => TruthTable.Of(value.Kind != "number" || NaiveValues.IsInRange(operand.Text, value.Text)),
        "pattern" => TruthTable.Of(value.Kind != "string" || NaiveValues.Matches(operand.Text, value.Text)),
        "allOf" => TruthTable.All(operand.Items.Select(part => Judge(part, value))),
        "anyOf" => TruthTable.Any(operand.Items.Select(part => Judge(part, value))),
        "oneOf" => OneOf([.. operand.Items.Select(part => Judge(part, value))]),
        "not" => TruthTable.Not(Judge(operand, value)),
        "if" => If(Judge(operand, value), Branch(schema, "then", value), Branch(schema, "else", value)),
        "then" or "else" => Truth.True,
        "items" => value.Kind == "array" ? TruthTable.All(value.Items.Select(item => Judge(operand, item))) : Truth.True,
        "contains" => value.Kind == "array" ? Contains(schema, [.. value.Items.Select(item => Judge(operand, item))]) : Truth.True,
        "minContains" or "maxContains" => Truth.True,
        _ => value.Kind == "object" ? Members(schema, keyword, operand, value) : Truth.True,
    };

    private static Truth Branch(Json schema, string keyword, Json value) => Judge(schema[keyword] ?? Json.Boolean(true), value);

    private static Truth OneOf(Truth[] parts)
    {
        int met = parts.Count(part => part == Truth.True);
        return met < 2 && parts.Contains(Truth.Unjudgeable) ? Truth.Unjudgeable : TruthTable.Of(met == 1);
    }

    private static Truth If(Truth condition, Truth then, Truth otherwise) => condition switch
    {
        Truth.True => then,
        Truth.False => otherwise,
        _ when then == Truth.True && otherwise == Truth.True => Truth.True,
        _ => Truth.Unjudgeable,
    };

    /// <summary>The elements in doubt may all be met, or none of them.</summary>
    private static Truth Contains(Json schema, Truth[] elements)
    {
        int fewest = elements.Count(element => element == Truth.True);
        int most = elements.Count(element => element != Truth.False);
        int min = int.Parse(schema["minContains"]?.Text ?? "1", System.Globalization.CultureInfo.InvariantCulture);
        int max = int.Parse(schema["maxContains"]?.Text ?? "999", System.Globalization.CultureInfo.InvariantCulture);
        bool[] readings = [.. Enumerable.Range(fewest, most - fewest + 1).Select(found => found >= min && found <= max)];
        return readings.Distinct().Count() == 2 && !(fewest > max || most < min) ? Truth.Unjudgeable : TruthTable.Of(readings[0]);
    }

    private static Truth Members(Json schema, string keyword, Json operand, Json value)
    {
        string[] declared = [.. Declaring.SelectMany(name => Declared(name, schema[name]))];
        string[] undeclared = [.. value.Members.Select(m => m.Name).Except(declared)];
        string[] varied = [.. undeclared.Where(name => declared.Any(other => NaiveCondition.DifferByCase(name, other)))];
        if (Declared(keyword, operand).Any(name => varied.Any(other => NaiveCondition.DifferByCase(name, other))))
        {
            return Truth.Unjudgeable;
        }

        // What another keyword says against a name that stands for another, or that another may stand for, is no more certain.
        Truth Softened(string name, Truth truth) =>
            truth == Truth.False && varied.Length > 0 && (varied.Contains(name) || declared.Contains(name)) ? Truth.Unjudgeable : truth;

        bool Has(string name) => value[name] is not null;
        bool HasAll(Json names) => names.Items.TrueForAll(name => Has(name.Text));
        return keyword switch
        {
            "properties" => TruthTable.All(operand.Members.Where(m => Has(m.Name)).Select(m => Judge(m.Value, value[m.Name]!))),
            "required" => TruthTable.Of(HasAll(operand)),
            "dependentRequired" => TruthTable.Of(operand.Members.All(m => !Has(m.Name) || HasAll(m.Value))),
            "dependentSchemas" => TruthTable.All(operand.Members.Where(m => Has(m.Name)).Select(m => Judge(m.Value, value))),
            "additionalProperties" => TruthTable.All(value.Members
                .Where(m => schema["properties"]?[m.Name] is null && schema["patternProperties"]?["^" + m.Name + "$"] is null)
                .Select(m => Softened(m.Name, Judge(operand, m.Value)))),
            "patternProperties" => TruthTable.All(value.Members
                .Where(m => operand["^" + m.Name + "$"] is not null)
                .Select(m => Softened(m.Name, Judge(operand["^" + m.Name + "$"]!, m.Value)))),
            "propertyNames" => TruthTable.All(value.Members.Select(m => Softened(m.Name, Judge(operand, Json.String(m.Name))))),
            _ => throw new InvalidOperationException("No keyword " + keyword),
        };
    }

    private static IEnumerable<string> Declared(string keyword, Json? operand) => keyword switch
    {
        "properties" or "dependentSchemas" => operand?.Members.Select(m => m.Name) ?? [],
        "required" => operand?.Items.Select(name => name.Text) ?? [],
        "dependentRequired" => operand?.Members.SelectMany(m => m.Value.Items.Select(name => name.Text).Append(m.Name)) ?? [],
        _ => [],
    };
}
