using System.Text;
using System.Text.Json;
using PolicyLayer.Tests.Behaviour;

namespace PolicyLayer.Tests.Robustness;

/// <summary>
/// What judging a call costs, found from outside: the least <see cref="ToolCallAuthorizerOptions.MaxWork"/> with which it is judged.
/// </summary>
public sealed class WorkBudgetTests
{
    private const string Fanned =
        """{ "deny_if": [{ "conditions": [{ "path": "args.v[*].n", "op": "in", "value": [1, 2, 3, 4, 5, 6, 7, 8, 1e400] }] }] }""";

    private const string Schema =
        """
        { "arguments": { "properties": { "v": { "uniqueItems": true, "items": { "$ref": "#/$defs/x" } } },
          "$defs": { "x": { "patternProperties": { "^[a-z]+$": { "enum": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, [1]] } } } } } }
        """;

    private const string Elements = """{"v":[{"n":9},{"n":10},{"n":100000000000000000001}]}""";

    /// <summary>Entries and arguments, each with the steps that judging takes beside the bytes of the arguments.</summary>
    public static TheoryData<string, string, string, long> Counts() => new()
    {
        {
            "nothing",
            """{}""",
            """{"v":[1,2]}""",
            0
        },
        {
            "a member found",
            """{ "deny_if": [{ "conditions": [{ "path": "args.v", "op": "exists", "value": false }] }] }""",
            """{"v":1}""",
            21
        },
        {
            "other members passed over",
            """{ "deny_if": [{ "conditions": [{ "path": "args.v", "op": "exists", "value": true }] }] }""",
            """{"long":1,"longer":2}""",
            12
        },
        {
            "names that are near",
            """{ "deny_if": [{ "conditions": [{ "path": "args.v", "op": "exists", "value": true }] }] }""",
            """{"w":1}""",
            12
        },
        {
            "an index",
            """{ "deny_if": [{ "conditions": [{ "path": "args.v[2]", "op": "exists", "value": false }] }] }""",
            """{"v":[1,2,3]}""",
            27
        },
        {
            "elements of a fan",
            """{ "deny_if": [{ "conditions": [{ "path": "args.v[*]", "op": "exists", "value": false }] }] }""",
            """{"v":[1,2,3]}""",
            69
        },
        {
            "members behind a fan",
            """{ "deny_if": [{ "conditions": [{ "path": "args.v[*].a", "op": "exists", "value": false }] }] }""",
            """{"v":[{"a":1},{"a":1}]}""",
            79
        },
        {
            "an operand of the call",
            """{ "deny_if": [{ "conditions": [{ "path": "args.v", "op": "lt", "value_from": "args.w" }] }] }""",
            """{"v":22,"w":1}""",
            85
        },
        {
            "a list of the call",
            """{ "deny_if": [{ "conditions": [{ "path": "args.v", "op": "in", "value_from": "args.w" }] }] }""",
            """{"v":1,"w":[2,3]}""",
            148
        },
        {
            "the call's tool",
            """{ "deny_if": [{ "conditions": [{ "path": "call.tool", "op": "exists", "value": false }] }] }""",
            """{}""",
            42
        },
        {
            "a list of any",
            """
            { "deny_if": [{ "any": [
              [{ "path": "args.v", "op": "exists", "value": true }], [{ "path": "args.v", "op": "exists", "value": true }]] }] }
            """,
            """{}""",
            16
        },
        {
            "a string",
            """{ "deny_if": [{ "conditions": [{ "path": "args.v", "op": "eq", "value": "abcdefghijklmnopqrstuvwxyz0123456789" }] }] }""",
            """{"v":"abcdefghijklmnopqrstuvwxyz0123456780"}""",
            28
        },
        {
            "a string with escapes",
            """{ "deny_if": [{ "conditions": [{ "path": "args.v", "op": "eq", "value": "ab" }] }] }""",
            """{"v":"\u0061c"}""",
            34
        },
        {
            "a number",
            """{ "deny_if": [{ "conditions": [{ "path": "args.v", "op": "lt", "value": 5 }] }] }""",
            """{"v":1000}""",
            51
        },
        {
            "a number of two readings",
            """{ "deny_if": [{ "conditions": [{ "path": "args.v", "op": "lt", "value": 5 }] }] }""",
            """{"v":100.00000000000000001}""",
            340
        },
        {
            "an array",
            """{ "deny_if": [{ "conditions": [{ "path": "args.v", "op": "eq", "value": [1,3] }] }] }""",
            """{"v":[1,2]}""",
            137
        },
        {
            "an object",
            """{ "deny_if": [{ "conditions": [{ "path": "args.v", "op": "eq", "value": {"a":1,"b":2} }] }] }""",
            """{"v":{"b":2,"a":3}}""",
            161
        },
        {
            "a large object",
            """{ "deny_if": [{ "conditions": [{ "path": "args.v", "op": "eq", "value": {MANY,"m16":16} }] }] }""",
            """{"v":{MANY,"m16":17}}""",
            2113
        },
        {
            "an element that is contained",
            """{ "deny_if": [{ "conditions": [{ "path": "args.v", "op": "contains", "value": 3 }] }] }""",
            """{"v":[1,2]}""",
            81
        },
        {
            "a part of a string",
            """{ "deny_if": [{ "conditions": [{ "path": "args.v", "op": "contains", "value": "xy" }] }] }""",
            """{"v":"abcdefgh"}""",
            28
        },
        {
            "a part of a string with escapes",
            """{ "deny_if": [{ "conditions": [{ "path": "args.v", "op": "contains", "value": "xy" }] }] }""",
            """{"v":"abcd\u0065"}""",
            40
        },
        {
            "a long part of a string",
            """{ "deny_if": [{ "conditions": [{ "path": "args.v", "op": "contains", "value": "xLONG" }] }] }""",
            """{"v":"LONGyyyyyyyyyy"}""",
            51
        },
        {
            "a regex",
            """{ "deny_if": [{ "conditions": [{ "path": "args.v", "op": "regex", "value": "a[0-9]" }] }] }""",
            """{"v":"xxxxxa1"}""",
            61
        },
        {
            "a regex on a string with escapes",
            """{ "deny_if": [{ "conditions": [{ "path": "args.v", "op": "regex", "value": "a[0-9]" }] }] }""",
            """{"v":"xxxxx\u00611"}""",
            73
        },
        {
            "a path",
            """{ "deny_if": [{ "conditions": [{ "path": "args.v", "op": "within", "value": "/srv" }] }] }""",
            """{"v":"/tmp/a"}""",
            83
        },
        {
            "a path by two directories",
            """{ "deny_if": [{ "conditions": [{ "path": "args.v", "op": "within", "value": ["/srv", "/tmp/x"] }] }] }""",
            """{"v":"/tmp/a"}""",
            109
        },
        {
            "a path with escapes",
            """{ "deny_if": [{ "conditions": [{ "path": "args.v", "op": "within", "value": "/srv" }] }] }""",
            """{"v":"\u002ftmp"}""",
            82
        },
        {
            "a script of two commands",
            """{ "deny_if": [{ "conditions": [{ "path": "args.v", "op": "command_in", "value": "ls" }] }] }""",
            """{"v":"a;bc"}""",
            125
        },
        {
            "words of a command",
            """{ "deny_if": [{ "conditions": [{ "path": "args.v", "op": "argv_in", "value": "ls" }] }] }""",
            """{"v":["a","b"]}""",
            127
        },
        {
            "a pattern from the call",
            """{ "deny_if": [{ "conditions": [{ "path": "args.v", "op": "within", "value_from": "args.d" }] }] }""",
            """{"v":"/a","d":"/b"}""",
            96
        },
        {
            "few values of a list",
            """{ "deny_if": [{ "conditions": [{ "path": "args.v", "op": "in", "value": [1,2,3] }] }] }""",
            """{"v":4}""",
            59
        },
        {
            "a number that is compared with nothing",
            """{ "deny_if": [{ "conditions": [{ "path": "args.v", "op": "in", "value": ["a"] }] }] }""",
            """{"v":1234567890123456789}""",
            21
        },
        {
            "a number among the smallest",
            """{ "deny_if": [{ "conditions": [{ "path": "args.v", "op": "lt", "value": 5 }] }] }""",
            """{"v":5e-324}""",
            476
        },
        {
            "many strings of a list",
            """{ "deny_if": [{ "conditions": [{ "path": "args.v", "op": "in", "value": ["a","b","c","d","e","f","g","h"] }] }] }""",
            """{"v":"abc"}""",
            56
        },
        {
            "many numbers of a list",
            """{ "deny_if": [{ "conditions": [{ "path": "args.v", "op": "in", "value": [1,2,3,4,5,6,7,8] }] }] }""",
            """{"v":9}""",
            70
        },
        {
            "many numbers of a list, one found",
            """{ "deny_if": [{ "conditions": [{ "path": "args.v", "op": "in", "value": [1,2,3,4,5,6,7,8] }] }] }""",
            """{"v":8}""",
            94
        },
        {
            "many numbers of a list by nearest double",
            """{ "deny_if": [{ "conditions": [{ "path": "args.v", "op": "in", "value": [1,2,3,4,5,6,7,8] }] }] }""",
            """{"v":8.00000000000000001}""",
            601
        },
        {
            "many structures of a list",
            """{ "deny_if": [{ "conditions": [{ "path": "args.v", "op": "in", "value": [["a"],["c"],{},["d"],["e"],[""],[],{}] }] }] }""",
            """{"v":["x"]}""",
            95
        },
        {
            "many structures of a list by nearest double",
            """{ "deny_if": [{ "conditions": [{ "path": "args.v", "op": "in", "value": [[1],[2],[3],[4],[5],[6],[7],[8]] }] }] }""",
            """{"v":[9]}""",
            813
        },
        {
            "an amount",
            """{ "limits": [{ "counter": "c", "window": "day", "max": 10, "increment_from": "args.v" }] }""",
            """{"v":1.00}""",
            41
        },
        {
            "a subschema",
            """{ "arguments": { "properties": { "v": true } } }""",
            """{"v":1}""",
            19
        },
        {
            "subschemas of elements",
            """{ "arguments": { "properties": { "v": { "items": true } } } }""",
            """{"v":[1,2]}""",
            31
        },
        {
            "members",
            """{ "arguments": { "properties": { "v": true } } }""",
            """{"v":1,"other":2}""",
            32
        },
        {
            "members whose names are near",
            """{ "arguments": { "properties": { "v": true } } }""",
            """{"w":1}""",
            17
        },
        {
            "names among many",
            """{ "arguments": { "properties": { "a": {}, "b": {}, "c": {}, "d": {}, "e": {}, "f": {}, "g": {}, "h": {}, "i": {} } } }""",
            """{"x":1,"i":1,"h":2}""",
            168
        },
        {
            "names of members",
            """{ "arguments": { "propertyNames": { "maxLength": 1 } } }""",
            """{"aa":1}""",
            28
        },
        {
            "patterns of members",
            """{ "arguments": { "patternProperties": { "^a": true, "^b": true } } }""",
            """{"aa":1}""",
            54
        },
        {
            "a pattern",
            """{ "arguments": { "properties": { "v": { "pattern": "a[0-9]" } } } }""",
            """{"v":"xxxxxa1"}""",
            59
        },
        {
            "a pattern on a string with escapes",
            """{ "arguments": { "properties": { "v": { "pattern": "a[0-9]" } } } }""",
            """{"v":"xxxxx\u00611"}""",
            71
        },
        {
            "a format",
            """{ "arguments": { "properties": { "v": { "format": "uuid" } } } }""",
            """{"v":"abc"}""",
            35
        },
        {
            "a length",
            """{ "arguments": { "properties": { "v": { "maxLength": 3 } } } }""",
            """{"v":"abcd"}""",
            38
        },
        {
            "a count of elements",
            """{ "arguments": { "properties": { "v": { "maxItems": 3 } } } }""",
            """{"v":[1,2]}""",
            29
        },
        {
            "a bound",
            """{ "arguments": { "properties": { "v": { "minimum": 100 } } } }""",
            """{"v":1000}""",
            64
        },
        {
            "an integer",
            """{ "arguments": { "properties": { "v": { "type": "integer" } } } }""",
            """{"v":1000}""",
            45
        },
        {
            "a number format",
            """{ "arguments": { "properties": { "v": { "format": "int32" } } } }""",
            """{"v":1000}""",
            245
        },
        {
            "a division",
            """{ "arguments": { "properties": { "v": { "multipleOf": 0.5 } } } }""",
            """{"v":1000}""",
            94
        },
        {
            "a long division",
            """{ "arguments": { "properties": { "v": { "multipleOf": 10000000000000000000000000000000001 } } } }""",
            """{"v":1000}""",
            1387
        },
        {
            "a constant",
            """{ "arguments": { "properties": { "v": { "const": [1] } } } }""",
            """{"v":[2]}""",
            84
        },
        {
            "few values of an enum",
            """{ "arguments": { "properties": { "v": { "enum": ["a", "b"] } } } }""",
            """{"v":"c"}""",
            38
        },
        {
            "many values of an enum",
            """{ "arguments": { "properties": { "v": { "enum": [1,2,3,4,5,6,7,8,9] } } } }""",
            """{"v":10}""",
            62
        },
        {
            "elements that are unique",
            """{ "arguments": { "properties": { "v": { "uniqueItems": true } } } }""",
            """{"v":[1,2,3]}""",
            269
        },
        {
            "elements that aren't unique",
            """{ "arguments": { "properties": { "v": { "uniqueItems": true } } } }""",
            """{"v":["a","a"]}""",
            220
        },
        {
            "contains",
            """{ "arguments": { "properties": { "v": { "contains": { "const": 3 } } } } }""",
            """{"v":[1,2]}""",
            118
        },
        {
            "alternatives",
            """{ "arguments": { "properties": { "v": { "anyOf": [false, true] } } } }""",
            """{"v":1}""",
            31
        },
        {
            "references",
            """{ "arguments": { "properties": { "v": { "$ref": "#" } } } }""",
            """{"v":{"v":{}}}""",
            44
        },
        {
            "a dependent name",
            """{ "arguments": { "dependentRequired": { "a": ["b", "c"] } } }""",
            """{"a":1,"b":2,"c":3}""",
            75
        },
        {
            "a missing name",
            """{ "arguments": { "required": ["a", "b"] } }""",
            """{"a":1,"x":3}""",
            28
        },
        {
            "elements left over",
            """{ "arguments": { "properties": { "v": { "prefixItems": [true], "unevaluatedItems": true } } } }""",
            """{"v":[1,2]}""",
            45
        },
        {
            "members left over",
            """{ "arguments": { "anyOf": [{ "properties": { "a": true } }], "unevaluatedProperties": true } }""",
            """{"a":1,"b":2}""",
            63
        },
    };

    /// <summary>A dictionary has no text: what is written of it isn't held against the bound of texts.</summary>
    [Fact]
    public async Task A_dictionary_may_be_larger_than_a_text()
    {
        var arguments = new Dictionary<string, object?> { ["v"] = new string('x', 1000) };
        var authorizer = new ToolCallAuthorizer(
            Policy.Parse("""{ "version": "1", "default": "allow", "tools": {} }"""),
            new ToolCallAuthorizerOptions { MaxArgumentsBytes = 100 });

        var call = new ToolCall("t", ToolArguments.FromDictionary(arguments)) { GrantId = "g" };
        Assert.Equal(DecisionCode.Allowed, (await authorizer.AuthorizeAsync(call)).Code);
    }

    /// <summary>Lists that hold the same list twice, twenty-four deep: a hundred megabytes of text, of which a little is written.</summary>
    [Fact]
    public async Task A_dictionary_is_written_no_further_than_it_may_cost()
    {
        object? value = 1;
        for (int i = 0; i < 24; i++)
        {
            value = new List<object?> { value, value };
        }

        var call = new ToolCall("t", ToolArguments.FromDictionary(new Dictionary<string, object?> { ["v"] = value })) { GrantId = "g" };
        var authorizer = new ToolCallAuthorizer(
            Policy.Parse("""{ "version": "1", "default": "allow", "tools": {} }"""), new ToolCallAuthorizerOptions { MaxWork = 100_000 });
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(DecisionCode.ArgumentsTooLarge, (await authorizer.AuthorizeAsync(call)).Code);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000_000);
    }

    [Theory]
    [MemberData(nameof(Counts))]
    public void Every_kind_of_work_is_counted(string kind, string entry, string arguments, long steps) =>
        Assert.Equal((kind, steps), (kind, WorkOf(Whole(entry), Encoding.UTF8.GetBytes(Whole(arguments))) - Whole(arguments).Length));

    [Fact]
    public void A_call_at_the_bound_is_judged_and_one_step_beyond_it_is_denied()
    {
        Policy policy = Parse("""{ "deny_if": [{ "conditions": [{ "path": "args.v", "op": "regex", "value": "a.{9}b" }] }] }""");
        byte[] arguments = Encoding.UTF8.GetBytes($$"""{"v":"{{new string('a', 50)}}b"}""");
        long work = WorkOf(policy, arguments);

        ToolCallDecision judged = Judge(policy, work, arguments);
        ToolCallDecision denied = Judge(policy, work - 1, arguments);

        Assert.Equal((DecisionCode.DenyIfMatched, "/tools/t/deny_if/0"), (judged.Code, judged.Rule));
        Assert.Equal((DecisionCode.ArgumentsTooLarge, ""), (denied.Code, denied.Rule));
    }

    [Fact]
    public void The_bound_counts_for_arguments_that_no_rule_reads()
    {
        byte[] arguments = Encoding.UTF8.GetBytes("""{"v":1}""");
        Assert.Equal(DecisionCode.Allowed, Judge(Parse("{}"), arguments.Length, arguments).Code);
        Assert.Equal(DecisionCode.ArgumentsTooLarge, Judge(Parse("{}"), arguments.Length - 1, arguments).Code);
        Assert.Equal(
            DecisionCode.ArgumentsTooLarge, Judge(Parse("""{ "action": "deny" }"""), arguments.Length - 1, arguments).Code);
    }

    [Fact]
    public void The_context_and_the_grant_are_read_within_the_bound()
    {
        Policy policy = Parse("""{ "require": [{ "conditions": [{ "path": "grant.a", "op": "eq", "value": "b" }] }] }""");
        var call = new ToolCall("t", ToolArguments.FromJson("{}"))
        {
            Context = ToolArguments.FromJson("""{"x":1}"""),
            GrantAttributes = new Dictionary<string, string> { ["a"] = "b" },
        };
        long work = LeastWork(max => Judge(policy, max, call));

        // Beside 2, 7 and 9 bytes: the condition, a member with a near name of one byte, and the comparison.
        Assert.Equal(2 + 7 + 9 + 8 + 2 + 8 + 3 + 6, work);
    }

    [Theory]
    [InlineData(Fanned)]
    [InlineData(Schema)]
    public void The_count_is_the_same_however_often_on_whichever_thread_and_in_whichever_form(string entry)
    {
        byte[] arguments = Encoding.UTF8.GetBytes(Elements);
        long cold = LeastWork(max => Judge(Parse(entry), max, arguments));
        Policy warm = Parse(entry);
        var counts = new long[8];
        Parallel.For(0, counts.Length, i => counts[i] = WorkOf(warm, arguments));

        Assert.All(counts, count => Assert.Equal(cold, count));
        Assert.All(
            ArgumentForms.All,
            form => Assert.Equal(
                cold, LeastWork(max => Judge(warm, max, new ToolCall("t", ArgumentForms.Wrap(arguments, form))))));
    }

    [Fact]
    public void Forms_differ_by_the_bytes_that_they_have_alone()
    {
        Policy policy = Parse(Fanned);
        byte[] spaced = Encoding.UTF8.GetBytes("""{ "v": [ { "n": 1 } ] }""");
        long text = WorkOf(policy, spaced);
        long written = LeastWork(max => Judge(policy, max, new ToolCall("t", ArgumentForms.Wrap(spaced, "elements"))));

        // Of a dictionary's member, the element is as the host parsed it.
        Assert.Equal("""{ "v": [ { "n": 1 } ] }""".Length - """{"v":[ { "n": 1 } ]}""".Length, text - written);
    }

    [Theory]
    [InlineData("""{ "arguments": { "properties": { "v": { "not": HEAVY } } } }""")]
    [InlineData("""{ "arguments": { "properties": { "v": { "anyOf": [HEAVY, true] } } } }""")]
    [InlineData("""{ "arguments": { "properties": { "v": { "anyOf": [{ "not": HEAVY }, HEAVY] } } } }""")]
    [InlineData("""{ "arguments": { "properties": { "v": { "oneOf": [HEAVY, true] } } } }""")]
    [InlineData("""{ "arguments": { "properties": { "v": { "if": HEAVY, "then": false } } } }""")]
    [InlineData("""{ "arguments": { "properties": { "v": { "if": { "not": HEAVY }, "then": true, "else": false } } } }""")]
    [InlineData("""{ "arguments": { "properties": { "v": { "contains": HEAVY, "minContains": 0, "maxContains": 9 } } } }""")]
    [InlineData("""{ "arguments": { "properties": { "v": { "allOf": [HEAVY] } }, "required": ["w"] } }""")]
    [InlineData("""{ "arguments": { "properties": { "v": HEAVY }, "additionalProperties": false } }""")]
    [InlineData("""{ "deny_if": [{ "conditions": [RULE, { "path": "args.w", "op": "exists", "value": true }] }] }""")]
    [InlineData("""{ "deny_if": [{ "conditions": [{ "path": "args.v", "op": "exists", "value": true }, RULE] }] }""")]
    [InlineData("""{ "require": [{ "conditions": [RULE] }] }""")]
    [InlineData("""{ "require": [{ "any": [[RULE], [{ "path": "args.v", "op": "exists", "value": true }]] }] }""")]
    [InlineData("""{ "deny_if": [{ "any": [[RULE], [RULE, { "path": "args.w", "op": "exists", "value": true }]] }] }""")]
    [InlineData("""{ "deny_if": [{ "conditions": [{ "path": "args.v[0]", "op": "not_in", "value_from": "args.v" }] }] }""")]
    [InlineData("""{ "deny_if": [{ "conditions": [{ "path": "args.v", "op": "neq", "value_from": "args.v" }] }] }""")]
    [InlineData("""{ "require": [{ "conditions": [{ "path": "args.v[*]", "op": "lte", "value_from":"args.v[1]", "optional":true }] }] }""")]
    [InlineData("""{ "deny_if": [{ "conditions": [RULE] }], "limits": [{ "counter": "c", "window": "day", "max": 0 }] }""")]
    public void Past_the_bound_no_logic_saves_a_call_and_no_rule_is_blamed(string entry)
    {
        Policy policy = Parse(entry
            .Replace("HEAVY", """{ "items": { "enum": [7, 8] } }""", StringComparison.Ordinal)
            .Replace("RULE", """{ "path": "args.v[*]", "op": "neq", "value": 1 }""", StringComparison.Ordinal));
        byte[] arguments = Encoding.UTF8.GetBytes("""{"v":[1,1,1,1,1,1,1,1]}""");
        for (long max = 1; max < WorkOf(policy, arguments); max++)
        {
            ToolCallDecision decision = Judge(policy, max, arguments);
            Assert.Equal((DecisionCode.ArgumentsTooLarge, ""), (decision.Code, decision.Rule));
        }
    }

    /// <summary>A path may have many steps behind its <c>[*]</c>, and they are looked through for each element.</summary>
    [Theory]
    [InlineData("""{ "limits": [{ "counter": "c", "window": "day", "max": 9, "increment_from": "args.a[*][*]STEPS" }] }""", "[]")]
    [InlineData("""{ "deny_if": [{ "conditions": [{ "path": "args.a[*]STEPS", "op": "lt", "value": 5 }] }] }""", "{}")]
    public void Steps_looked_through_for_each_element_are_work(string entry, string element)
    {
        const int count = 1_000;
        byte[] arguments = Encoding.UTF8.GetBytes($$"""{"a":[{{string.Join(',', Enumerable.Repeat(element, count))}}]}""");
        long Work(int steps) => WorkOf(
            entry.Replace("STEPS", string.Concat(Enumerable.Repeat(".x", steps)), StringComparison.Ordinal), arguments);

        Assert.InRange(Work(200) - Work(100), 100 * count, 110 * count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData((1L << 40) + 1)]
    public void A_bound_out_of_range_is_refused(long max) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Judge(Parse("{}"), max, new ToolCall("t")));

    private static string Whole(string text) => text
        .Replace("MANY", string.Join(',', Enumerable.Range(0, 16).Select(i => $"\"m{i:d2}\":{i}")), StringComparison.Ordinal)
        .Replace("LONG", new string('y', 600), StringComparison.Ordinal);

    private static Policy Parse(string entry) =>
        Policy.Parse(Encoding.UTF8.GetBytes($$"""{ "version": "1", "default": "deny", "tools": { "t": {{entry}} } }"""));

    private static long WorkOf(string entry, byte[] arguments) => WorkOf(Parse(entry), arguments);

    private static long WorkOf(Policy policy, byte[] arguments) => LeastWork(max => Judge(policy, max, arguments));

    private static long LeastWork(Func<long, ToolCallDecision> judge)
    {
        long low = 0;
        long high = 1 << 24;
        Assert.NotEqual(DecisionCode.ArgumentsTooLarge, judge(high).Code);
        while (high - low > 1)
        {
            long middle = (low + high) / 2;
            (low, high) = judge(middle).Code == DecisionCode.ArgumentsTooLarge ? (middle, high) : (low, middle);
        }

        return high;
    }

    private static ToolCallDecision Judge(Policy policy, long max, byte[] arguments) => Judge(policy, max, new ToolCall("t", arguments));

    private static ToolCallDecision Judge(Policy policy, long max, ToolCall call) =>
        TestPolicies.Now(new ToolCallAuthorizer(policy, new ToolCallAuthorizerOptions { DefaultGrantId = "ci", MaxWork = max })
            .AuthorizeAsync(call));
}
