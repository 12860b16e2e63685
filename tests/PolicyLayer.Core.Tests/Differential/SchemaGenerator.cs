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

    /// <summary>Keywords that say something of single values: not too many, or few values are left that hang on names.</summary>
    private static readonly string[] OfValues = ["nullable", "enum", "format", "pattern", "pattern"];

    private static readonly string[] Types = ["object", "object", "object", "array", "number", "number", "integer", "string", "null"];

    private static readonly string[] Formats =
    [
        "int8", "int16", "int32", "int64", "int", "uint8", "uint16", "uint32", "uint64", "uint", "float", "double", "byte", "binary",
        "password",
    ];

    /// <summary>Numbers at the ends of all ranges and one beyond; none equals a constant of the schemas in another notation.</summary>
    private static readonly string[] Numbers =
    [
        "-1", "-128", "-129", "-32768", "-32769", "-2147483648", "-2147483649", "-9223372036854775808", "-9223372036854775809",
        "127", "128", "255", "256", "32767", "32768", "65535", "65536", "2147483647", "2147483648", "4294967295", "4294967296",
        "9223372036854775807", "9223372036854775808", "18446744073709551615", "18446744073709551616",
        "1.5", "25.5e1", "2560e-1", "-0.1", "1e300", "1e38", "-1e39", "1e309", "-1e400", "255.0000000000000000000000001",
    ];

    private static readonly string[] Texts = ["", "a", "b", "ab", "ba", "abc", "aab", "c", "A", "é", "(a", "|"];

    public Json Schema(int depth)
    {
        if (depth == 0)
        {
            return random.One([Json.Boolean(true), Json.Boolean(false), Const(), Const()]);
        }

        var members = new Dictionary<string, Json>(StringComparer.Ordinal);
        string[] keywords = [.. Others, .. withNames ? OfNames : [], .. random.Percent(40) ? OfValues : []];
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
        _ => Scalar(),
    };

    private Json Scalar() => random.Next(12) switch
    {
        0 => Json.Null,
        1 or 2 => Json.String(random.One(Texts)),
        3 => Json.Number(random.One(Numbers)),
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

    private Json Type() => random.Percent(70)
        ? Json.String(random.One(Types))
        : Json.Array(Enumerable.Range(0, 2).Select(_ => random.One(Types)).Distinct().Select(Json.String));

    /// <summary>A pattern with look-aheads at its beginning, now and then with none.</summary>
    private string Pattern()
    {
        string lookAheads = string.Concat(random.Several(2, () => (random.Percent(50) ? "(?!" : "(?=") + Alternatives() + ")"));
        return "^" + lookAheads + Sequence();
    }

    private string Alternatives() => string.Join('|', Enumerable.Range(0, 1 + random.Next(2)).Select(_ => Sequence()));

    private string Sequence() => string.Concat(random.Several(3, () => random.One(
        ["a", "b", ".", "[ab]", "[^a)]", "[(|]", "a*", "b?", ".*", "(?:a|bc)", "(a|b)+", @"\|", @"\(", "$", @"\bb"])));

    private Json[] Schemas(int depth) => [.. Enumerable.Range(0, 1 + random.Next(3)).Select(_ => Schema(depth))];

    private string Name() => withNames && random.Percent(10) ? Vocabulary.Recased(random.One(Names), random) : random.One(Names);

    private IEnumerable<string> SomeNames() => Enumerable.Range(0, 1 + random.Next(2)).Select(_ => Name()).Distinct();

    private Json Named(Func<Json> value, Func<string, string>? key = null) =>
        Json.Object(SomeNames().Select(name => (key?.Invoke(name) ?? name, value())));

    private Json NameList() => Json.Array(SomeNames().Select(Json.String));

    private (string, Json)[] Keyword(string keyword, int depth) => keyword switch
    {
        "const" => [("const", Json.Number(random.One(["0", "1"])))],
        "type" => [("type", Type())],
        "nullable" => [("type", Type()), ("nullable", Json.Boolean(random.Percent(80)))],
        "enum" => [("enum", Json.Array(random.Several(3, () => random.One([Json.Null, Json.Number("0"), Json.String("a")]))))],
        "format" => [("format", Json.String(random.One(Formats)))],
        "pattern" => [("pattern", Json.String(Pattern()))],
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
        "propertyNames" => random.One<(string, Json)[]>(
        [
            [("propertyNames", Json.Object(("const", Json.String(Name()))))],
            [("propertyNames", Json.Object(("pattern", Json.String("^(?!" + Name() + ")(?!" + Name() + "$)"))))],
        ]),
        _ => [(keyword, Schema(depth))],
    };
}
