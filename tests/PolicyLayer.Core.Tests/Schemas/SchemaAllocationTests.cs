using System.Text;
using PolicyLayer.Calls;
using PolicyLayer.DecisionTree.Schemas;
using PolicyLayer.Json.Scanning;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Tests.Schemas;

public sealed class SchemaAllocationTests
{
    private const string TwoUuids =
        """
        {"type":"object","properties":{"file":{"type":"string","format":"uuid"},"method":{"type":"string","format":"uuid"}},
         "required":["file","method"],"additionalProperties":false}
        """;

    private const string Everything =
        """
        {"$ref":"#/$defs/x","unevaluatedProperties":false,"$defs":{"x":{
          "properties":{
            "s":{"minLength":1,"maxLength":99,"pattern":"^[a-z é]+$","enum":["a b","é","c","d","e","f","g","h","i"]},
            "n":{"minimum":0,"maximum":1e9,"multipleOf":0.1,"format":"int32"},
            "l":{"uniqueItems":true,"contains":{"type":"string"},"prefixItems":[true],"unevaluatedItems":{"type":["string","integer"]}},
            "o":{"anyOf":[{"required":["q"]},{"patternProperties":{"^p":{"type":"integer"}},"propertyNames":{"maxLength":4}}]},
            "u":{"format":"uri"},"d":{"format":"date-time"},"e":{"format":"email"},"c":{"const":{"k":[1]}}},
          "dependentRequired":{"s":["n"]},"if":{"required":["s"]},"then":{"minProperties":1},"not":{"required":["zz"]},
          "oneOf":[{"required":["l"]},{"required":["zz"]}]}}}
        """;

    [Theory]
    [InlineData(TwoUuids, """{"file":"123e4567-e89b-12d3-a456-426614174000","method":"123e4567-e89b-12d3-a456-426614174001"}""")]
    [InlineData(TwoUuids, """{"\u0066ile":"123e4567-e89b-12d3-a456-42661417400\u0030","method":"123e4567-e89b-12d3-a456-426614174001"}""")]
    [InlineData("""{"properties":{"a":{"type":"string","nullable":true,"pattern":"^(?!b)(?=.*c)[a-c]+$"}}}""", """{"a":"ac"}""")]
    [InlineData(Everything, """{"l":["a"]}""")]
    [InlineData(Everything, """{"l":["a","b"],"u":"http://a/b"}""")]
    [InlineData(Everything, """{"l":["a"],"d":"2026-11-22T20:00:00Z","e":"a@b.c","o":{"q":true}}""")]
#if !DEBUG
    // Without the optimiser, the framework itself allocates where a number's digits are read.
    [InlineData(Everything, """
        {"s":"\u00e9","n":1.0,"l":[1,"a","b",2,3],"o":{"pa":1,"x":2},"u":"http://a/b","d":"2026-11-22T20:00:00Z","e":"a@b.c",
        "c":{"k":[1.0]}}
        """)]
#endif
    public void Judging_a_value_that_passes_allocates_nothing(string schema, string instance)
    {
        SchemaNode node = CompiledSchema.Of(schema).Node!;
        byte[] text = Encoding.UTF8.GetBytes(instance);
        var tape = new JsonTape();
        var scratch = new SchemaScratch(new WorkBudget(WorkBudget.Highest));
        Assert.True(Judge(node, text, tape, scratch), scratch.Failure?.Message);

        // The engine for patterns builds its states while it meets new text, and the runtime itself allocates now and then, as when it
        // recompiles a method: some round must be free of that.
        Assert.Contains(0, Enumerable.Range(0, 10).Select(_ => AllocatedBy(node, text, tape, scratch)).ToArray());
    }

    private static long AllocatedBy(SchemaNode node, byte[] text, JsonTape tape, SchemaScratch scratch)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            Judge(node, text, tape, scratch);
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    [Fact]
    public async Task Deciding_a_call_that_passes_allocates_nothing()
    {
        Policy policy = Policy.Parse(CompiledSchema.Wrap(TwoUuids));
        var authorizer = new ToolCallAuthorizer(policy);
        byte[] arguments = Encoding.UTF8.GetBytes(
            """{"file":"123e4567-e89b-12d3-a456-426614174000","method":"123e4567-e89b-12d3-a456-426614174001"}""");
        var call = new ToolCall("t", arguments) { GrantId = "ci" };
        for (int i = 0; i < 200; i++)
        {
            Assert.True((await authorizer.AuthorizeAsync(call)).IsAllowed);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        int allowed = 0;
        for (int i = 0; i < 100; i++)
        {
            allowed += (await authorizer.AuthorizeAsync(call)).IsAllowed ? 1 : 0;
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal((100, 0L), (allowed, allocated));
    }

    private static bool Judge(SchemaNode node, byte[] text, JsonTape tape, SchemaScratch scratch) =>
        JsonScanner.Scan(text, 64, tape) == JsonFault.None && node.Validate(new JsonValue(text, tape), scratch);
}
