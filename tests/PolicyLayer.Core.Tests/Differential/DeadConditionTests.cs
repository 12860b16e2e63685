using FsCheck;
using FsCheck.Fluent;
using PolicyLayer.Tests.Schemas;

namespace PolicyLayer.Tests.Differential;

/// <summary>Conditions that the entry's own schema leaves nothing to judge are warned of, and no others.</summary>
public sealed class DeadConditionTests
{
    private const string Amount = """{"type":"object","properties":{"amount":{"type":"integer"}},"additionalProperties":false}""";

    private const string Referred = """
        {"$defs":{"m":{"type":"object","properties":{"n":{"type":"string"}},"additionalProperties":false},
        "l":{"anyOf":[{"items":{"$ref":"#/$defs/m"}}]}},
        "properties":{"m":{"$ref":"#/$defs/m"},"l":{"allOf":[{"type":"array"},{"$ref":"#/$defs/l/anyOf/0"}]},"self":{"$ref":"#"},
        "loop":{"allOf":[{"properties":{"a":{"$ref":"#/properties/m"}}}]}}}
        """;

    /// <summary>A schema, a path, an operator and operand, and what the warning says; empty for none.</summary>
    public static TheoryData<string, string, string, string, string> Conditions => new()
    {
        { Amount, "args.amount", "lt", "1", "" },
        { Amount, "args.amount", "regex", "\"^1$\"", "let `args.amount` be a number, and this `regex` can judge a string only" },
        { Amount, "args.amount", "eq", "\"1\"", "can judge a string only" },
        { Amount, "args.amount", "in", "[\"1\",null]", "can judge null or a string only" },
        { Amount, "args.amount", "in", "[\"1\",1]", "" },
        { Amount, "args.amount", "contains", "\"1\"", "can judge a string or an array only" },
        { Amount, "args.amount", "contains", "1", "can judge an array only" },
        { Amount, "args.amount", "exists", "true", "" },
        { Amount, "args.amuont", "exists", "true", "let nothing be at `args.amuont`" },
        { Amount, "args.amuont", "lt", "1", "let nothing be at" },
        { Amount, "args.Amount", "lt", "1", "let nothing be at" },
        { Amount, "args.amount.x", "lt", "1", "let nothing be at" },
        { Amount, "args.amount[*]", "lt", "1", "let nothing be at" },
        { Amount, "args[0]", "lt", "1", "let nothing be at" },
        { Amount, "grant.amount", "regex", "\"^1$\"", "" },
        { Amount, "context.other", "regex", "\"^1$\"", "" },
        { """{"properties":{"\u0061mount":{"type":"string"}},"additionalProperties":false}""", "args.amount", "lt", "1", "a string, and" },
        { """{"properties":{"betrag€":{"type":"number"}},"additionalProperties":false}""", "args[\"betrag€\"]", "lt", "1", "" },
        { """{"properties":{"a":{"type":["string","null"]}}}""", "args.a", "lt", "1", "be null or a string, and" },
        { """{"properties":{"a":{"type":["string","null"]}}}""", "args.a", "eq", "null", "" },
        { """{"properties":{"a":{"type":["string","number"]}}}""", "args.a", "lt", "1", "" },
        { """{"properties":{"a":{}}}""", "args.a", "lt", "1", "" },
        { """{"properties":{"a":true}}""", "args.a", "lt", "1", "" },
        { """{"properties":{"a":false}}""", "args.a", "exists", "true", "let nothing" },
        { """{"properties":{"a":{"type":"string"}}}""", "args.b", "lt", "1", "" },
        { """{"additionalProperties":{"type":"string"}}""", "args.b", "lt", "1", "a string, and" },
        { """{"patternProperties":{"^b":{}},"additionalProperties":false}""", "args.b", "lt", "1", "" },
        { """{"patternProperties":{"^b":{}},"properties":{"b":{"type":"string"}}}""", "args.b", "lt", "1", "a string, and" },
        { """{"properties":{"a":{"items":{"type":"string"}}}}""", "args.a[*]", "lt", "1", "a string, and" },
        { """{"properties":{"a":{"items":{"type":"string"}}}}""", "args.a[3]", "lt", "1", "a string, and" },
        { """{"properties":{"a":{"prefixItems":[{"type":"number"}],"items":{"type":"string"}}}}""", "args.a[0]", "lt", "1", "" },
        { """{"properties":{"a":{"prefixItems":[{"type":"string"}],"items":{"type":"number"}}}}""", "args.a[0]", "lt", "1", "a string," },
        {
            """{"properties":{"a":{"prefixItems":[{"type":"number"}],"items":{"type":"string"}}}}""",
            "args.a[1]", "lt", "1", "a string, and"
        },
        { """{"properties":{"a":{"type":"string","nullable":false}}}""", "args.a", "eq", "null", "can judge null only" },
        { """{"properties":{"a":{"prefixItems":[{"type":"number"}],"items":{"type":"string"}}}}""", "args.a[*]", "lt", "1", "" },
        { """{"properties":{"a":{"items":false}}}""", "args.a[*]", "lt", "1", "let nothing" },
        { """{"properties":{"a":{"anyOf":[{"type":"string"},{"type":"array"}]}}}""", "args.a", "lt", "1", "" },
        { """{"allOf":[{"properties":{"a":{"type":"string"}}},{"properties":{"a":true}}]}""", "args.a", "lt", "1", "a string, and" },
        { """{"not":{"properties":{"a":{"type":"number"}}}}""", "args.a", "regex", "\"^1$\"", "" },
        { Referred, "args.m.n", "lt", "1", "a string, and" },
        { Referred, "args.m.x", "lt", "1", "let nothing" },
        { Referred, "args.l[*].n", "lt", "1", "a string, and" },
        { Referred, "args.l[*].n", "eq", "\"x\"", "" },
        { Referred, "args.self.self.m.n", "lt", "1", "a string, and" },
        { Referred, "args.loop.a.x", "lt", "1", "let nothing" },
        { Referred, "args.other.x", "lt", "1", "" },
        {
            """
            {"$schema":"http://json-schema.org/draft-07/schema#","definitions":{"s":{}},
            "properties":{"a":{"allOf":[{"$ref":"#/definitions/s"}],"type":"string"}}}
            """,
            "args.a", "lt", "1", "a string, and"
        },
        {
            """
            {"$schema":"http://json-schema.org/draft-07/schema#",
            "properties":{"a":{"items":[{"type":"number"}],"additionalItems":false}}}
            """,
            "args.a[1]", "lt", "1", "let nothing"
        },
        { """{"type":["object","null"],"properties":{"a":{"type":"string"}}}""", "args.a", "lt", "1", "a string, and" },
        { """{"properties":{"a":{}},"unevaluatedProperties":false}""", "args.b", "lt", "1", "let nothing" },
        { """{"properties":{"a":{}},"unevaluatedProperties":{"type":"string"}}""", "args.b", "lt", "1", "a string, and" },
        { """{"properties":{"a":{}},"unevaluatedProperties":false}""", "args.a", "lt", "1", "" },
        { """{"allOf":[{"properties":{"b":{}}}],"unevaluatedProperties":false}""", "args.b", "lt", "1", "" },
        { """{"allOf":[{"properties":{"b":{}}}],"unevaluatedProperties":false}""", "args.c", "lt", "1", "let nothing" },
        { """{"anyOf":[{"properties":{"b":{}}}],"unevaluatedProperties":false}""", "args.b", "lt", "1", "" },
        { """{"patternProperties":{"b":{}},"unevaluatedProperties":false}""", "args.b", "lt", "1", "" },
        { """{"$ref":"#b","$defs":{"b":{"$anchor":"b","properties":{"b":{}}}},"unevaluatedProperties":false}""", "args.b", "lt", "1", "" },
        { """{"allOf":[{"unevaluatedProperties":true}],"unevaluatedProperties":false}""", "args.b", "lt", "1", "" },
    };

    /// <summary>A schema, an operator with an operand from the call, and what is said of its path; nothing for no finding.</summary>
    public static TheoryData<string, string, string> Operands => new()
    {
        { """{"properties":{"a":{},"b":{"type":"string"}}}""", "lt", "a string, which is no operand of `lt`" },
        { """{"properties":{"a":{},"b":{"type":["string","null"]}}}""", "gte", "null or a string, which is no operand" },
        { """{"properties":{"a":{},"b":{"type":"string"}}}""", "in", "which is no operand of `in`" },
        { """{"properties":{"a":{},"b":{"type":"number"}}}""", "within", "which is no operand of `within`" },
        { """{"properties":{"a":{},"b":{"type":"null"}}}""", "eq", "null, which is no operand of `eq`" },
        { """{"properties":{"a":{}},"additionalProperties":false}""", "eq", "let nothing be at `args.b`" },
        { """{"properties":{"a":{},"b":{"type":"array"}}}""", "within", "" },
        { """{"properties":{"a":{},"b":{"type":"array"}}}""", "not_in", "" },
        { """{"properties":{"a":{},"b":{"type":"integer"}}}""", "lt", "" },
        { """{"properties":{"a":{},"b":{"anyOf":[{"type":"string"}]}}}""", "lt", "" },
    };

    [Theory]
    [MemberData(nameof(Operands))]
    public void An_operand_from_the_call_is_warned_of_where_the_schema_lets_none_be(string schema, string op, string says)
    {
        IEnumerable<PolicyDiagnostic> found =
            Load(schema, "deny_if", $$"""{"path":"args.a","op":"{{op}}","value_from":"args.b"}""").Diagnostics;
        if (says.Length == 0)
        {
            Assert.Empty(found);
            return;
        }

        PolicyDiagnostic finding = Assert.Single(found);
        Assert.Equal("PL2020 /tools/t/deny_if/0/conditions/0/value_from", $"{finding.Id} {finding.Pointer}");
        Assert.Contains(says, finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_arguments_that_can_never_be_of_one_kind_are_not_compared()
    {
        PolicyDiagnostic finding = Assert.Single(Load(
            """{"properties":{"a":{"type":"string"},"b":{"type":"number"}}}""", "require",
            """{"path":"args.a","op":"neq","value_from":"args.b"}""").Diagnostics);
        Assert.Equal("PL2020 /tools/t/require/0/conditions/0/path", $"{finding.Id} {finding.Pointer}");
    }

    [Theory]
    [MemberData(nameof(Conditions))]
    public void A_condition_is_warned_of_where_the_schema_is_plain(string schema, string path, string op, string value, string says)
    {
        foreach (string list in (string[])["require", "deny_if"])
        {
            string condition = $$"""{"path":{{Json.String(path)}},"op":"{{op}}","value":{{value}} }""";
            IEnumerable<PolicyDiagnostic> found = Load(schema, list, condition).Diagnostics.Where(finding => finding.Id != "PL2005");
            if (says.Length == 0)
            {
                Assert.Empty(found);
                continue;
            }

            PolicyDiagnostic finding = Assert.Single(found);
            Assert.Equal($"PL2020 /tools/t/{list}/0/conditions/0/path", $"{finding.Id} {finding.Pointer}");
            Assert.Contains(says, finding.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Conditions_of_all_tools_are_not_held_against_an_entry()
    {
        PolicyLoadResult loaded = Policy.Load($$$"""
            {"version":"1","default":"deny","all_tools":{"deny_if":[{"conditions":[{"path":"args.x","op":"lt","value":1}]}]},
            "tools":{"t":{"arguments":{{{Amount}}} } } }
            """);
        Assert.Empty(loaded.Diagnostics);
    }

    /// <summary>No false alarm: of valid arguments none makes a condition true that was warned of.</summary>
    [Fact]
    public void A_condition_that_is_warned_of_holds_of_no_valid_arguments()
    {
        int warned = 0;
        int valid = 0;
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var generator = new SchemaGenerator(random);
            Json schema = Referring(generator, random);
            Json condition = Condition(random);
            string list = random.One(["require", "deny_if"]);
            if (!Load(schema.ToString(), list, condition.ToString()).Diagnostics.Any(finding => finding.Id == "PL2020"))
            {
                return true;
            }

            warned++;
            CompiledSchema compiled = CompiledSchema.Of(schema.ToString());
            return Enumerable.Range(0, 40).Select(_ => generator.Value(3)).Where(value => value.Kind == "object").All(value =>
            {
                if (!compiled.Accepts(value.ToString()))
                {
                    return true;
                }

                valid++;
                return NaiveCondition.Judge(condition, _ => value, require: true) != Truth.True;
            });
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(GeneratedCases.Long ? 200_000 : 5_000));
        Assert.True(warned > 300, $"{warned} warned");
        Assert.True(valid > 300, $"{valid} valid");
    }

    /// <summary>A schema, now and then by way of a reference or a part.</summary>
    private static Json Referring(SchemaGenerator generator, Random random)
    {
        Json schema = Json.Object(("properties", Json.Object(
            ("a", generator.Schema(2)),
            ("b", random.Percent(50) ? Json.Object(("$ref", Json.String("#/$defs/d"))) : generator.Schema(1)))));
        schema.Members.Add(("$defs", Json.Object(("d", generator.Schema(2)))));
        schema.Members.Add((
            random.Percent(70) ? "additionalProperties" : "unevaluatedProperties",
            random.Percent(50) ? Json.Boolean(false) : generator.Schema(1)));
        if (random.Percent(30))
        {
            schema.Members.Add(("allOf", Json.Array(generator.Schema(2), Json.Object(("$ref", Json.String("#/properties/a"))))));
        }

        return schema;
    }

    private static Json Condition(Random random)
    {
        string path = "args." + random.One(["a", "b", "k", "é"]) + string.Concat(
            random.Several(2, () => random.One([".a", ".b", ".k", "[0]", "[*]"])));
        (string op, Json value) = random.Next(5) switch
        {
            0 => ("eq", random.One([Json.Number("1"), Json.String("x"), Json.Array(), Json.Object()])),
            1 => ("in", Json.Array(Json.Number("0"), Json.Number("1"))),
            2 => ("contains", Json.Number("1")),
            3 => ("gte", Json.Number("0")),
            _ => ("neq", Json.Number("5")),
        };
        return random.Percent(30)
            ? Json.Object(
                ("path", Json.String(path)), ("op", Json.String(op)),
                ("value_from", Json.String("args." + random.One(["a", "b", "k", "a.b"]))))
            : Json.Object(("path", Json.String(path)), ("op", Json.String(op)), ("value", value));
    }

    private static PolicyLoadResult Load(string schema, string list, string condition) => Policy.Load(
        "{\"version\":\"1\",\"default\":\"deny\",\"tools\":{\"t\":{\"arguments\":" + schema
        + ",\"" + list + "\":[{\"conditions\":[" + condition + "]}]}}}");
}
