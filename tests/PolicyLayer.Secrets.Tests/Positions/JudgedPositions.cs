using PolicyLayer.Tests.Secrets.Searching;

namespace PolicyLayer.Tests.Secrets.Positions;

/// <summary>Secrets in what can be read: values of every kind, names below the top, and operands that equal them.</summary>
internal static class JudgedPositions
{
    public static IEnumerable<PlantedCall> Of(Plant plant) =>
        [.. Plain(plant), .. Operators(plant), .. Schemas(plant), .. Counted(plant), .. Contexts(plant), .. Answers(plant)];

    /// <summary>What was answered to a tool, names at the top included: those of arguments alone are recorded.</summary>
    private static IEnumerable<PlantedCall> Answers(Plant plant)
    {
        foreach ((string name, string entry, DecisionCode code) in ((string, string, DecisionCode)[])
        [
            ("inputs-allowed", "{}", DecisionCode.Allowed),
            ("inputs-denied", """{"action":"deny"}""", DecisionCode.ActionDeny),
            ("inputs-asked", """{"action":"require_approval"}""", DecisionCode.ApprovalRequired),
            ("inputs-counted", """{"limits":[{"counter":"inputs","window":"day","max":9}]}""", DecisionCode.Allowed),
            ("inputs-schema", """{"arguments":{"required":["x"]}}""", DecisionCode.ArgumentsInvalid),
        ])
        {
            yield return Call(name, entry, code, "{}") with { Inputs = ToolArguments.FromJson(Answered(plant, name)) };
        }
    }

    private static string Answered(Plant plant, string position) =>
        $$"""
        { "{{plant.Text($"{position}, name")}}": { "{{plant.Text($"{position}, name below")}}": ["{{plant.Text(position)}}"] },
          "n": {{plant.Number($"{position}, number")}} }
        """;

    private static IEnumerable<PlantedCall> Plain(Plant plant)
    {
        yield return Call("value-allowed", "{}", DecisionCode.Allowed, Full(plant, "value-allowed"));
        yield return Call("value-of-nobody", """{"action":"deny"}""", DecisionCode.ActionDeny, Full(plant, "value-of-nobody"));
        yield return Call(
            "value-of-another-kind", Rule("require", "gt", "1"), DecisionCode.RequireFailed, Full(plant, "value-of-another-kind"));
        yield return Call(
            "number", Rule("deny_if", "gt", "1"), DecisionCode.DenyIfMatched, $$"""{"v":{{plant.Number("number")}}}""");
        yield return Call(
            "number-large", Rule("require", "lt", "1"), DecisionCode.RequireFailed,
            $$"""{"v":-1,"v2":[{{plant.Number("number-large", 40)}}],"V":2}""");
        yield return Call(
            "number-fraction", Rule("require", "gt", "1"), DecisionCode.RequireFailed,
            $$"""{"v":0.{{plant.Number("number-fraction", 20)}}}""");
        yield return Call(
            "number-exponent", Rule("require", "lt", "1"), DecisionCode.RequireFailed,
            $$"""{"v":{{plant.Number("number-exponent", 12)}}.5e7}""");
        yield return Call(
            "name-nested", Path("require", "args.o.wanted", "exists", "true"), DecisionCode.RequireFailed,
            $$"""{"o":{"{{plant.Text("name-nested")}}":1},"l":[{"{{plant.Text("name-in-list")}}":{"{{plant.Text("name-deep")}}":1} }]}""");
        string variant = plant.Text("name-case-variant");
        yield return Call(
            "name-case-variant", Path("require", $"args.o.{variant}", "exists", "true").Replace(variant, "known", StringComparison.Ordinal),
            DecisionCode.RequireFailed, $$"""{"o":{"KNOWN":"{{variant}}"} }""");
        yield return Call(
            "path-through-value", Path("require", "args.v.x[0]", "eq", "1"), DecisionCode.RequireFailed,
            $$"""{"v":"{{plant.Text("path-through-value")}}"}""");
        yield return Call(
            "value-escaped", Rule("require", "eq", "\"x\""), DecisionCode.RequireFailed,
            $$"""{"v":"{{string.Concat(plant.Text("value-escaped").Select(each => $"\\u{(int)each:x4}"))}}"}""");
    }

    private static IEnumerable<PlantedCall> Operators(Plant plant)
    {
        foreach ((string op, Func<string, string> operand, Func<string, string> value) in Matching)
        {
            string denied = plant.Text($"operand-matched-{op}");
            yield return Call(
                $"operand-matched-{op}", Rule("deny_if", op, operand(denied)), DecisionCode.DenyIfMatched, $$"""{"v":{{value(denied)}}}""");
            string wanted = plant.Text($"operand-{op}");
            string other = plant.Text($"value-{op}");
            yield return Call(
                $"operand-{op}", Rule("require", op, operand(wanted)), DecisionCode.RequireFailed, $$"""{"v":{{value(other)}}}""");
            string obscure = plant.Text($"unjudgeable-{op}");
            yield return Call(
                $"unjudgeable-{op}", Rule("require", op, operand(wanted)), DecisionCode.RequireFailed,
                $$"""{"v":"{{obscure}}$(x)/../%2e`\u0000\\~@:"}""");
        }

        string asked = plant.Text("operand-asked");
        yield return Call(
            "operand-from-call",
            """{"require":[{"conditions":[{"path":"args.v","op":"within","value_from":"args.w"}]}]}""",
            DecisionCode.RequireFailed, $$"""{"v":"/{{asked}}","w":"{{plant.Text("operand-from-call")}}"}""");
        yield return Call(
            "operand-any",
            $$"""
            { "require": [{ "name": "the rule", "any": [
              [{ "path": "args.v", "op": "eq", "value": "{{asked}}x" }], [{ "path": "args.w", "op": "lt", "value": 5 }]] }] }
            """,
            DecisionCode.RequireFailed, $$"""{"v":"{{asked}}","w":"{{plant.Text("operand-any")}}"}""");
    }

    private static (string Op, Func<string, string> Operand, Func<string, string> Value)[] Matching =>
    [
        ("eq", Text, Text),
        ("in", text => $"[{Text(text)}]", Text),
        ("contains", Text, text => $"\"a {text} b\""),
        ("regex", text => $"\"^{text}$\"", Text),
        ("within", text => $"\"/{text}\"", text => $"\"/{text}/x\""),
        ("url_in", text => $"\"{text}.example/\"", text => $"\"https://{text}.example/{text}\""),
        ("email_in", text => $"\"@{text}.example\"", text => $"\"{text}@{text}.example\""),
        ("command_in", text => $"\"run {text} **\"", text => $"\"run {text} x\""),
        ("argv_in", text => $"\"run {text}\"", text => $"[\"run\",\"{text}\"]"),
    ];

    private static IEnumerable<PlantedCall> Schemas(Plant plant)
    {
        foreach ((string name, string schema) in SchemaKeywords)
        {
            string value = plant.Text($"schema-{name}");
            string number = plant.Number($"schema-number-{name}");
            yield return Call(
                $"schema-{name}",
                $$"""{"arguments":{"properties":{"v":{{schema.Replace("VALUE", value, StringComparison.Ordinal)}} } } }""",
                DecisionCode.ArgumentsInvalid,
                $$"""{"v":{"{{value}}":["{{value}}","{{value}}",{{number}}],"a":"{{value}}","n":{{number}}} }""");
        }
    }

    private static (string Name, string Schema)[] SchemaKeywords =>
    [
        ("type", """{"type":"string"}"""),
        ("enum", """{"properties":{"a":{"enum":["x"]}}}"""),
        ("const", """{"properties":{"a":{"const":"x"}}}"""),
        ("not-const", """{"properties":{"a":{"not":{"const":"VALUE"}}}}"""),
        ("not-enum", """{"properties":{"a":{"not":{"enum":["x","VALUE"]}}}}"""),
        ("not-pattern", """{"properties":{"a":{"not":{"pattern":"^VALUE$"}}}}"""),
        ("if", """{"if":{"properties":{"a":{"const":"VALUE"}}},"then":{"properties":{"a":false}}}"""),
        ("pattern", """{"properties":{"a":{"pattern":"^x$"}}}"""),
        ("length", """{"properties":{"a":{"maxLength":2}}}"""),
        ("format", """{"properties":{"a":{"format":"uuid"}}}"""),
        ("maximum", """{"properties":{"n":{"maximum":2}}}"""),
        ("multiple", """{"properties":{"n":{"multipleOf":1000000}}}"""),
        ("additional", """{"properties":{"a":true,"n":true},"additionalProperties":false}"""),
        ("unevaluated", """{"properties":{"a":true,"n":true},"unevaluatedProperties":false}"""),
        ("names", """{"propertyNames":{"maxLength":2}}"""),
        ("count", """{"maxProperties":1}"""),
        ("required", """{"required":["other"]}"""),
        ("pattern-names", """{"patternProperties":{"^s":{"uniqueItems":true}}}"""),
        ("contains", """{"patternProperties":{"^s":{"not":{"contains":{"const":"VALUE"}}}}}"""),
        ("not", """{"not":{"required":["a"]}}"""),
        ("any", """{"anyOf":[{"type":"null"},{"required":["x"]}]}"""),
        ("one", """{"oneOf":[{"properties":{"a":{"const":"VALUE"}}},{"type":"object"}]}"""),
        ("never", "false"),
    ];

    private static IEnumerable<PlantedCall> Counted(Plant plant)
    {
        yield return Call(
            "amount-invalid", Limit("increment_from", "args.v"), DecisionCode.IncrementInvalid,
            $$"""{"v":-{{plant.Number("amount-invalid")}}}""");
        yield return Call(
            "amount-of-another-kind", Limit("increment_from", "args.v"), DecisionCode.IncrementInvalid,
            $$"""{"v":"{{plant.Text("amount-of-another-kind")}}"}""");
        yield return Call(
            "amount-counted", Limit("count_of", "args.v[*]"), DecisionCode.LimitExceeded,
            $$"""{"v":["{{plant.Text("amount-counted")}}",{{plant.Number("amount-counted-number")}},3,4,5]}""");
        yield return Call(
            "partition", Limit("per", "args.v"), DecisionCode.Allowed, $$"""{"v":"{{plant.Text("partition")}}"}""");
        yield return Call(
            "partition-number", Limit("per", "args.v"), DecisionCode.Allowed, $$"""{"v":{{plant.Number("partition-number")}}}""");
        yield return Call(
            "partition-missing", Limit("per", "args.v"), DecisionCode.PartitionMissing,
            $$"""{"v":["{{plant.Text("partition-missing")}}"]}""");
        yield return Call(
            "partition-grant", Limit("per", "grant.team"), DecisionCode.Allowed, "{}");
        yield return Call(
            "order-after",
            """{"after":[{"tool":"value-allowed","within":"day","scope":"grant","same":"args.v"}]}""",
            DecisionCode.OrderViolated, $$"""{"v":"{{plant.Text("order-after")}}"}""");
        yield return Call(
            "order-mark",
            """{"not_after":[{"tool":"partition","within":"day","scope":"grant","same":"args.v"}]}""",
            DecisionCode.Allowed, $$"""{"v":"{{plant.Text("order-mark")}}"}""");
    }

    private static IEnumerable<PlantedCall> Contexts(Plant plant)
    {
        yield return Call("context-unread", "{}", DecisionCode.Allowed, "{}", Full(plant, "context-unread"));
        yield return Call(
            "context-read", Path("require", "context.v", "lt", "1"), DecisionCode.RequireFailed, "{}", Full(plant, "context-read"));
        yield return Call(
            "context-operand",
            """{"deny_if":[{"conditions":[{"path":"args.v","op":"neq","value_from":"context.v"}]}]}""",
            DecisionCode.DenyIfMatched, $$"""{"v":"{{plant.Text("context-argument")}}"}""", Full(plant, "context-operand"));
        yield return Call(
            "context-partition", Limit("per", "context.v"), DecisionCode.Allowed, "{}", Full(plant, "context-partition"));
        yield return Call(
            "attribute-read", Path("require", "grant.team", "eq", "\"x\""), DecisionCode.RequireFailed, "{}");
        yield return Call(
            "attribute-missing", Path("require", "grant.other", "eq", "\"x\""), DecisionCode.RequireFailed, "{}");
    }

    /// <summary>Values in text, number, list and object, and names below the top.</summary>
    private static string Full(Plant plant, string position)
    {
        string name = plant.Text(position + ", name");
        string nested = plant.Text(position + ", nested");
        string number = plant.Number(position + ", number");
        return $$"""{"v":"{{plant.Text(position)}}","n":{{number}},"l":["{{nested}}"],"o":{"{{name}}":"{{nested}}"} }""";
    }

    private static PlantedCall Call(string name, string entry, DecisionCode code, string arguments, string? context = null) =>
        new(name, entry, code, ToolArguments.FromJson(arguments), ToolArguments.FromJson(context));

    private static string Text(string text) => $"\"{text}\"";

    private static string Rule(string list, string op, string operand) => Path(list, "args.v", op, operand);

    private static string Path(string list, string path, string op, string operand) =>
        $$"""{"{{list}}":[{"conditions":[{"path":"{{path}}","op":"{{op}}","value":{{operand}}}]}]}""";

    private static string Limit(string member, string path) =>
        $$"""{"limits":[{"counter":"c","window":"day","max":4,"{{member}}":"{{path}}"}]}""";
}
