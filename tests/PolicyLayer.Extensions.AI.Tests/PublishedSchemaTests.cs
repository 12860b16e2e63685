using System.Text.Json;
using Microsoft.Extensions.AI;
using PolicyLayer.Auditing;
using PolicyLayer.Extensions.AI;

namespace PolicyLayer.Tests.AI;

/// <summary>The schemas that .NET publishes of its own types, enforced.</summary>
public sealed class PublishedSchemaTests
{
    private readonly InMemoryAuditSink _sink = new();

    private enum Priority
    {
        Low,
        High,
    }

    [Theory]
    [InlineData("""{"at":"10:30:00","day":"2026-01-02"}""", "10:30:00.0000000")]
    [InlineData("""{"at":"23:59:59.1234567","day":"2026-01-02"}""", "23:59:59.1234567")]
    public async Task What_a_function_binds_passes(string arguments, string expected)
    {
        AIFunction guarded = Guard(AIFunctionFactory.Create((TimeOnly at, DateOnly day) => $"{at:o}", "f"));
        Assert.Equal(expected, (await guarded.InvokeAsync(Of(arguments)))?.ToString());
    }

    [Theory]
    [InlineData("""{"at":"24:00:00","day":"2026-01-02"}""")]
    [InlineData("""{"at":"10:30","day":"2026-01-02"}""")]
    [InlineData("""{"at":1,"day":"2026-01-02"}""")]
    [InlineData("""{"at":"10:30:00"}""")]
    [InlineData("""{"at":"10:30:00","day":"2026-02-30"}""")]
    [InlineData("""{"at":"10:30:00","At":"11:30:00","day":"2026-01-02"}""")]
    public async Task What_the_schema_does_not_take_is_denied_before_anything_is_spent(string arguments)
    {
        int runs = 0;
        AIFunction guarded = Guard(AIFunctionFactory.Create((TimeOnly at, DateOnly day) => $"{runs++}{at}{day}", "f"));

        string? result = (string?)await guarded.InvokeAsync(Of(arguments));
        Assert.StartsWith("[POLICY DENIED] ", result, StringComparison.Ordinal);
        Assert.Equal(0, runs);
        Assert.Empty(_sink.Records);
    }

    /// <summary>The serialiser finds nested names whatever their case: what is judged by one name mustn't bind by another.</summary>
    [Theory]
    [InlineData("""{"order":{"item":"a","count":1}}""", true)]
    [InlineData("""{"order":{"item":"a","Count":1}}""", false)]
    [InlineData("""{"order":{"item":"a","count":1,"COUNT":1000}}""", false)]
    [InlineData("""{"order":{"item":"a","count":"1"}}""", false)]
    [InlineData("""{"order":{"item":"a","count":1,"priority":"High"}}""", true)]
    [InlineData("""{"order":{"item":"a","count":1,"priority":"high"}}""", false)]
    [InlineData("""{"order":{"item":"a","count":1,"priority":1}}""", false)]
    public async Task Nested_names_bind_as_they_were_judged(string arguments, bool passes)
    {
        int runs = 0;
        AIFunction guarded = Guard(AIFunctionFactory.Create((Order order) => $"{runs++}{order}", "f"));
        await guarded.InvokeAsync(Of(arguments));
        Assert.Equal(passes ? 1 : 0, runs);
    }

    [Fact]
    public async Task Without_the_option_the_schema_is_no_rule()
    {
        var function = new Publishing("""{ "type": "object", "required": ["a"] }""");
        Assert.Equal("done", await function.WithPolicyLayer(Authorizers.Of("""{ "f": {} }""")).InvokeAsync());
        Assert.StartsWith("[POLICY DENIED]", (string?)await Guard(function).InvokeAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "properties": { "t": { "format": "time" } } }""", """{"t":"10:30:00Z"}""", true)]
    [InlineData("""{ "properties": { "t": { "format": "time", "allOf": [{ "minLength": 9 }] } } }""", """{"t":"10:30:00"}""", false)]
    [InlineData("""{ "properties": { "format": { "const": "time" } } }""", """{"format":"time"}""", true)]
    [InlineData("""{ "properties": { "format": { "const": "time" } } }""", """{"format":"10:30:00"}""", false)]
    [InlineData("""{ "properties": { "t": { "const": { "format": "time" } } } }""", """{"t":{"format":"time"}}""", true)]
    [InlineData("""{ "properties": { "a": { "items": { "format": "time" } } } }""", """{"a":["10:00:00"]}""", true)]
    [InlineData("""{ "properties": { "a": { "items": { "format": "time" } } } }""", """{"a":["1:00"]}""", false)]
    public async Task A_time_is_one_wherever_a_schema_stands(string schema, string arguments, bool passes)
    {
        object? result = await Guard(new Publishing(schema)).InvokeAsync(Of(arguments));
        Assert.Equal(passes, Equals(result, "done"));
    }

    [Theory]
    [InlineData("""{ "properties": { "a": { "format": "phone" } } }""", "/properties/a/format")]
    [InlineData("""{ "properties": { "a": { "$ref": "https://example.com/a.json" } } }""", "/properties/a/$ref")]
    [InlineData("""{ "properties": { "a": { "pattern": "(?<=x)y" } } }""", "/properties/a/pattern")]
    public void What_cannot_be_enforced_is_refused_when_the_function_is_guarded(string schema, string place)
    {
        var thrown = Assert.Throws<ArgumentException>(() => Guard(new Publishing(schema)));
        Assert.StartsWith($"The schema that `f` publishes can't be enforced. `{place}`: ", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_thrown_denial_says_what_the_schema_wants()
    {
        AIFunction guarded = new Publishing("""{ "properties": { "a": { "type": "integer" } } }""").WithPolicyLayer(
            Authorizers.Of("""{ "f": {} }"""), new FunctionGuardOptions { EnforceSchema = true, ThrowsDenials = true });

        var thrown = await Assert.ThrowsAsync<ToolCallDeniedException>(() => guarded.InvokeAsync(Of("""{"a":"secret"}""")).AsTask());
        Assert.Equal("arguments_invalid", thrown.Denial.Code);
        Assert.Contains("`/a`", thrown.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", thrown.ToString(), StringComparison.Ordinal);
    }

    private static AIFunctionArguments Of(string arguments) => new(Json.Members(arguments));

    private AIFunction Guard(AIFunction function) =>
        function.WithPolicyLayer(Authorizers.Of("""{ "f": {} }""", _sink), new FunctionGuardOptions { EnforceSchema = true });

    private sealed record Order(string Item, int Count, Priority Priority = Priority.Low);

    private sealed class Publishing(string schema) : AIFunction
    {
        public override string Name => "f";

        public override JsonElement JsonSchema { get; } = JsonDocument.Parse(schema).RootElement;

        protected override ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken) =>
            new("done");
    }
}
