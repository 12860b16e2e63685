using System.Text;
using PolicyLayer.Proxy;
using PolicyLayer.Proxy.Guarding;
using PolicyLayer.Proxy.Messages;

namespace PolicyLayer.Tests.Proxy.Guarding;

/// <summary>How calls are judged and denied.</summary>
public sealed class DenialTests
{
    private readonly Talk _talk = new();

    [Fact]
    public async Task A_denial_is_a_result_with_its_details()
    {
        Assert.Equal(
            """
            {"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"[POLICY DENIED] This tool is not available."}],"isError":true,"_meta":{"policylayer/denial":{"code":"hidden","rule":"/hide/0"}}}}
            """,
            await DeniedAsync("secret"));
        Assert.StartsWith(
            """{"jsonrpc":"2.0","id":1,"result":{"resultType":"complete","content":[{"type":"text","text":"[POLICY DENIED]""",
            await DeniedAsync("secret", Talk.Modern));
        Assert.Contains("\"policylayer/denial\":{\"code\":\"not_listed\",\"rule\":\"/default\"}", await DeniedAsync("unknown"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-07-28", true)]
    [InlineData("2027-01-01", true)]
    [InlineData("2025-11-25", false)]
    [InlineData("", false)]
    public async Task Results_say_their_kind_where_the_revision_has_it(string revision, bool hasKind)
    {
        string answer = await DeniedAsync("secret", $$"""  "_meta":{"io.modelcontextprotocol/protocolVersion":"{{revision}}"}""");

        Assert.Equal(hasKind, answer.Contains("resultType", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"id":1,"method":"tools/call"}""")]
    [InlineData("""{"id":1,"method":"tools/call","params":null}""")]
    [InlineData("""{"id":1,"method":"tools/call","params":{}}""")]
    [InlineData("""{"id":1,"method":"tools/call","params":{"name":1}}""")]
    [InlineData("""{"id":1,"method":"tools/call","params":{"name":["echo"]}}""")]
    [InlineData("""{"id":1,"method":"tools/call","params":{"name":null}}""")]
    [InlineData("""{"id":1,"method":"tools/call","params":{"name":"echo\u0000"}}""")]
    [InlineData("""{"id":1,"method":"tools/call","params":{"name":"echo\u0000x"}}""")]
    [InlineData("""{"id":1,"method":"tools/call","params":{"name":"\u0000"}}""")]
    public async Task A_call_names_its_tool(string message)
    {
        Passage passage = await _talk.SendAsync(message);

        Assert.Null(passage.Forward);
        Assert.Equal(MessageFault.NoTool, passage.Fault);
        Assert.Contains("\"id\":1,\"error\":{\"code\":-32602", Talk.Text(passage.Answer)!, StringComparison.Ordinal);
        Assert.Empty(_talk.Authorizer.Judged);
    }

    [Theory]
    [InlineData("Echo")]
    [InlineData("echo ")]
    [InlineData(" echo")]
    [InlineData("")]
    [InlineData("\\u0065ch\u043E")]
    [InlineData("echo\\n")]
    public async Task Names_are_compared_as_they_are(string tool) => Assert.NotEmpty(await DeniedAsync(tool));

    [Theory]
    [InlineData("[]")]
    [InlineData("\"{}\"")]
    [InlineData("1")]
    [InlineData("true")]
    [InlineData("{\"a\":1,\"a\":2}")]
    [InlineData("{\"x\":{\"a\":1,\"\\u0061\":2}}")]
    public async Task Arguments_are_the_authorizers_business(string arguments) =>
        Assert.Contains("arguments_malformed", await DeniedAsync("echo", $"\"arguments\":{arguments}"), StringComparison.Ordinal);

    [Fact]
    public async Task Arguments_are_judged_as_they_came()
    {
        const string Arguments = """{ "a":1.0, "\u0062" : [ ] }""";
        await _talk.CallAsync("1", "echo", $"\"arguments\": {Arguments} ");

        Assert.True(_talk.Authorizer.Judged.TryPeek(out (ToolCall Call, ToolCallDecision Decision) judged));
        Assert.Equal(Arguments, Encoding.UTF8.GetString(JudgedArguments.Of(judged.Call)!));
    }

    [Fact]
    public async Task A_call_says_its_trace_session_and_server()
    {
        var talk = new Talk(configure: options => options.Server = "s1");
        await talk.CallAsync("1", "echo", """  "_meta":{"trac\u0065parent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01","tracestate":"a=b"}""");

        Assert.True(talk.Authorizer.Judged.TryPeek(out (ToolCall Call, ToolCallDecision Decision) judged));
        Assert.Equal("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", judged.Call.TraceParent);
        Assert.Equal("a=b", judged.Call.TraceState);
        Assert.Equal("s1", judged.Call.Server);
        Assert.Equal("s", judged.Call.SessionId);
        Assert.Equal(SessionSource.Process, judged.Call.SessionSource);
        Assert.False(judged.Call.MayContinue);
    }

    [Theory]
    [InlineData("\"_meta\":null")]
    [InlineData("\"_meta\":[]")]
    [InlineData("\"_meta\":{\"traceparent\":5,\"io.modelcontextprotocol/protocolVersion\":{}}")]
    public async Task Odd_metadata_pass(string meta) => Assert.NotNull((await _talk.CallAsync("1", "echo", meta)).Forward);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_cannot_be_judged_is_denied(bool cancels)
    {
        _talk.Authorizer.Failure = cancels ? new OperationCanceledException() : new InvalidOperationException("value");
        Assert.Equal(
            """
            {"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"[POLICY DENIED] The call couldn\u0027t be judged."}],"isError":true,"_meta":{"policylayer/denial":{"code":"internal_error"}}}}
            """,
            await DeniedAsync("echo"));
        _talk.Authorizer.Failure = null;
        Assert.NotNull((await _talk.CallAsync("1", "echo")).Forward);
    }

    [Fact]
    public void Options_are_checked()
    {
        new McpProxyOptions { GrantId = "g" }.Validate();
        Assert.Throws<ArgumentException>(() => new McpProxyOptions { GrantId = "" }.Validate());
        Assert.Throws<ArgumentOutOfRangeException>(() => new McpProxyOptions { MaxMessageBytes = 1023 }.Validate());
        Assert.Throws<ArgumentOutOfRangeException>(() => new McpProxyOptions { CallTimeout = TimeSpan.Zero }.Validate());
        Assert.Throws<ArgumentOutOfRangeException>(() => new McpProxyOptions { InputWithin = TimeSpan.FromDays(2) }.Validate());
        Assert.Throws<ArgumentOutOfRangeException>(() => new McpProxyOptions { MaxToolListAge = TimeSpan.FromTicks(-1) }.Validate());
    }

    private async Task<string> DeniedAsync(string tool, string? members = null)
    {
        Passage passage = await _talk.CallAsync("1", tool, members);
        Assert.Null(passage.Forward);
        Assert.Null(passage.Fault);
        return Talk.Text(passage.Answer)!;
    }
}
