namespace PolicyLayer.Tests.Differential;

/// <summary>Makes schemas that declare few names, and values that have them in one case or another.</summary>
internal sealed class SchemaGenerator(Random random, bool withNames = true)
{
    private static readonly string[] Names = ["a", "b", "k", "é"];

    /// <summary>Keywords that say something of an object by its names, whatever a schema declares.</summary>
    private static readonly string[] OfNames = ["patternProperties", "propertyNames", "additional"];

    private static readonly string[] Others =
    [
        "const", "type", "allOf", "anyOf", "oneOf", "not", "if", "items", "contains", "properties", "properties", "properties", "required",
        "dependentRequired", "dependentSchemas", "closed",
    ];

    public Json Schema(int depth)
    {
        if (depth == 0)
        {
            return random.One([Json.Boolean(true), Json.Boolean(false), Const(), Const()]);
        }

        var members = new Dictionary<string, Json>(StringComparer.Ordinal);
        string[] keywords = withNames ? [.. Others, .. OfNames] : Others;
        foreach (string keyword in Enumerable.Range(0, 1 + random.Next(3)).Select(_ => random.One(keywords)).Distinct())
        {
            foreach ((string name, Json operand) in Keyword(keyword, depth - 1))
            {
                members[name] = operand;
            }
        }

        return Json.Object(members.Select(m => (m.Key, m.Value)));
    }

    /// <summary>A value whose names are now and then in another case, or in two.</summary>
    public Json Value(int depth) => (depth == 0 ? 3 : random.Next(4)) switch
    {
        0 or 1 => Json.Object(
            random.Several(3, () => random.One(Names)).Distinct().SelectMany(name => Members(name, depth)).DistinctBy(m => m.Name)),
        2 => Json.Array(random.Several(2, () => Value(depth - 1))),
        _ => Json.Number(random.One(["0", "1"])),
    };

    private (string Name, Json Value)[] Members(string name, int depth)
    {
        (string, Json) exact = (name, Value(depth - 1));
        (string, Json) recased = (Vocabulary.Recased(name, random), Value(depth - 1));
        return random.Next(12) switch
        {
            0 or 1 => [recased],
            2 => [exact, recased],
            3 => [recased, exact],
            _ => [exact],
        };
    }

    private Json Const() => Json.Object(("const", Json.Number(random.One(["0", "1"]))));

    private Json[] Schemas(int depth) => [.. Enumerable.Range(0, 1 + random.Next(3)).Select(_ => Schema(depth))];

    private string Name() => withNames && random.Percent(10) ? Vocabulary.Recased(random.One(Names), random) : random.One(Names);

    private IEnumerable<string> SomeNames() => Enumerable.Range(0, 1 + random.Next(2)).Select(_ => Name()).Distinct();

    private Json Named(Func<Json> value, Func<string, string>? key = null) =>
        Json.Object(SomeNames().Select(name => (key?.Invoke(name) ?? name, value())));

    private Json NameList() => Json.Array(SomeNames().Select(Json.String));

    private (string, Json)[] Keyword(string keyword, int depth) => keyword switch
    {
        "const" => [("const", Json.Number(random.One(["0", "1"])))],
        "type" => [("type", Json.String(random.One(["object", "array", "number"])))],
        "allOf" or "anyOf" or "oneOf" => [(keyword, Json.Array(Schemas(depth)))],
        "if" => random.One<(string, Json)[]>(
        [
            [("if", Schema(depth)), ("then", Schema(depth)), ("else", Schema(depth))],
            [("if", Schema(depth)), ("then", Schema(depth))],
            [("if", Schema(depth)), ("else", Schema(depth))],
        ]),
        "contains" => random.One<(string, Json)[]>(
        [
            [("contains", Schema(depth))],
            [("contains", Schema(depth)), ("minContains", Json.Number(random.One(["0", "2"])))],
            [("contains", Schema(depth)), ("maxContains", Json.Number("1"))],
        ]),
        "properties" or "dependentSchemas" => [(keyword, Named(() => Schema(depth)))],
        "required" => [("required", NameList())],
        "dependentRequired" => [("dependentRequired", Named(NameList))],
        "closed" => [("additionalProperties", Json.Boolean(false))],
        "additional" => [("additionalProperties", Schema(depth))],
        "patternProperties" => [("patternProperties", Named(() => Schema(depth), name => "^" + name + "$"))],
        "propertyNames" => [("propertyNames", Json.Object(("const", Json.String(Name()))))],
        _ => [(keyword, Schema(depth))],
    };
}
