using System.Net;

namespace PolicyLayer.Tests.Proxy.Http;

/// <summary>Headers that repeat the message, and headers that go on.</summary>
public sealed class HeaderTests
{
    private const string Modern = "2026-07-28";

    private const string Listed = """
        {"jsonrpc":"2.0","id":9,"result":{"tools":[{"name":"echo","inputSchema":{"type":"object","properties":{
          "s":{"type":"string","x-mcp-header":"S"}, "n":{"type":"integer","x-mcp-header":"Num"}, "b":{"type":"boolean","x-mcp-header":"B"},
          "o":{"type":"object","properties":{"d":{"type":"string","x\u002dmcp-header":"Deep"}}},
          "free":{"type":"string"}}}}]}}
        """;

    private static readonly (string, string?)[] Standard =
        [("MCP-Protocol-Version", Modern), ("Mcp-Method", "tools/call"), ("Mcp-Name", "echo")];

    [Theory]
    [InlineData("Mcp-Method", "tools/list")]
    [InlineData("Mcp-Method", "TOOLS/CALL")]
    [InlineData("Mcp-Method", "=?base64?dG9vbHMvY2FsbA==?=")]
    [InlineData("Mcp-Method", "")]
    [InlineData("Mcp-Method", null)]
    [InlineData("Mcp-Name", "other")]
    [InlineData("Mcp-Name", "=?base64?b3RoZXI=?=")]
    [InlineData("Mcp-Name", "=?base64?not base64?=")]
    [InlineData("Mcp-Name", "=?base64?/w==?=")]
    [InlineData("Mcp-Name", "=?base64?ZWNo bw==?=")]
    [InlineData("Mcp-Name", null)]
    [InlineData("MCP-Protocol-Version", "2025-11-25")]
    [InlineData("MCP-Protocol-Version", null)]
    public async Task A_header_that_says_something_else_than_the_body_is_refused(string name, string? value)
    {
        await using Guarded guarded = await Guarded.StartAsync();

        (int status, string text) = await guarded.PostAsync(
            ModernCall("{}"), [.. Standard.Where(header => header.Item1 != name), (name, value)]);

        string wrong = value is null ? "is missing" : "isn't what the body says";
        Assert.Equal(400, status);
        Assert.Equal(
            $$$"""{"jsonrpc":"2.0","id":1,"error":{"code":-32020,"message":"Header mismatch: {{{name}}} {{{wrong}}}."}}""",
            System.Text.RegularExpressions.Regex.Unescape(text));
        Assert.Empty(guarded.Server.Requests);
    }

    [Theory]
    [InlineData("tools/call", "name", "echo", "echo")]
    [InlineData("tools/call", "name", "echo", "=?base64?ZWNobw==?=")]
    [InlineData("prompts/get", "name", "é", "=?base64?w6k=?=")]
    [InlineData("prompts/get", "name", "", "=?base64??=")]
    [InlineData("resources/read", "uri", "file:///a b", "file:///a b")]
    [InlineData("tasks/get", "taskId", "t1", "t1")]
    public async Task What_agrees_passes(string method, string member, string value, string header)
    {
        await using Guarded guarded = await Guarded.StartAsync();
        string body = $$"""
            {"jsonrpc":"2.0","id":1,"method":"{{method}}","params":{"{{member}}":"{{value}}",
            "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"} } }
            """;

        (int status, _) = await guarded.PostAsync(
            body, ("MCP-Protocol-Version", Modern), ("Mcp-Method", method), ("Mcp-Name", header));
        (int other, _) = await guarded.PostAsync(
            body, ("MCP-Protocol-Version", Modern), ("Mcp-Method", method), ("Mcp-Name", "x" + header));

        Assert.Equal((200, 400), (status, other));
        RecordedRequest passed = Assert.Single(guarded.Server.Requests);
        Assert.Equal((Modern, method, header), (
            passed.Headers["MCP-Protocol-Version"], passed.Headers["Mcp-Method"], passed.Headers["Mcp-Name"]));
    }

    [Theory]
    [InlineData("""{"id":1,"method":"prompts/get","params":{}}""", "Mcp-Name: x")]
    [InlineData("""{"id":1,"method":"prompts/get","params":{"name":7}}""", "Mcp-Name: 7")]
    [InlineData("""{"id":1,"method":"prompts/get","params":{"name":"\uFFFD"}}""", "Mcp-Name: =?base64?/w==?=")]
    [InlineData("""{"id":1,"method":"prompts/get","params":{"name":"\u00e9"}}""", "Mcp-Name: \u00e9")]
    [InlineData("""{"id":1,"result":{}}""", "Mcp-Method: ping")]
    public async Task A_header_is_not_taken_for_what_the_body_does_not_say(string message, string header)
    {
        await using Guarded guarded = await Guarded.StartAsync();
        string body = message.Replace("{\"id", "{\"jsonrpc\":\"2.0\",\"id", StringComparison.Ordinal);

        string answer = await AdmissionTests.RawAsync(
            guarded.Proxy.Address, "POST / HTTP/1.1", "Authorization: Bearer token-of-a", header, "Content-Type: application/json",
            $"Content-Length: {body.Length}", "", body);

        Assert.StartsWith("HTTP/1.1 400", answer);
        Assert.Contains("-32020", answer, StringComparison.Ordinal);
        Assert.Empty(guarded.Server.Requests);
    }

    [Fact]
    public async Task A_header_that_was_not_checked_or_can_not_be_written_does_not_go_on()
    {
        await using Guarded guarded = await Guarded.StartAsync();
        const string Body = """{"jsonrpc":"2.0","id":1,"method":"ping"}""";

        string answer = await AdmissionTests.RawAsync(
            guarded.Proxy.Address, "POST / HTTP/1.1", "Authorization: Bearer token-of-a", "Mcp-Name: x", "User-Agent: \u00e9",
            "Content-Type: application/json", $"Content-Length: {Body.Length}", "", Body);

        Assert.StartsWith("HTTP/1.1 200", answer);
        Assert.DoesNotContain("Mcp-Name", guarded.Server.Last.Headers.Keys);
        Assert.DoesNotContain("User-Agent", guarded.Server.Last.Headers.Keys);
    }

    [Fact]
    public async Task Earlier_revisions_and_notifications_need_no_such_headers()
    {
        await using Guarded guarded = await Guarded.StartAsync();

        Assert.Equal(200, (await guarded.PostAsync(Guarded.Call("echo"), ("MCP-Protocol-Version", "2025-11-25"))).Status);
        Assert.Equal(400, (await guarded.PostAsync(Guarded.Call("echo"), ("MCP-Protocol-Version", Modern))).Status);
        Assert.Equal(400, (await guarded.PostAsync(Guarded.Call("echo"), ("Mcp-Method", "tools/list"))).Status);
        Assert.Equal(202, (await guarded.PostAsync(
            """{"jsonrpc":"2.0","method":"notifications/x"}""", ("MCP-Protocol-Version", Modern))).Status);
        Assert.Equal(400, (await guarded.PostAsync(
            """{"jsonrpc":"2.0","method":"notifications/x"}""", ("Mcp-Method", "tools/call"))).Status);
    }

    [Theory]
    [InlineData("Mcp-Method: tools/call")]
    [InlineData("Mcp-Name: echo")]
    [InlineData("MCP-Protocol-Version: 2025-11-25")]
    [InlineData("Mcp-Param-X: 1")]
    [InlineData("Mcp-Session-Id: 1")]
    public async Task A_header_that_stands_there_twice_is_refused(string header)
    {
        await using Guarded guarded = await Guarded.StartAsync();
        string body = Guarded.Call("echo");

        string answer = await AdmissionTests.RawAsync(
            guarded.Proxy.Address, "POST / HTTP/1.1", "Authorization: Bearer token-of-a", header, header, "Content-Type: application/json",
            $"Content-Length: {body.Length}", "", body);

        Assert.StartsWith("HTTP/1.1 400", answer);
        Assert.Contains("-32020", answer, StringComparison.Ordinal);
        Assert.Empty(guarded.Server.Requests);
    }

    [Theory]
    [InlineData("""{"s":"a"}""", "S", "a", 200)]
    [InlineData("""{"s":"a"}""", "s", " a ", 200)]
    [InlineData("""{"s":"a"}""", "S", "b", 400)]
    [InlineData("""{"s":"a"}""", "S", null, 400)]
    [InlineData("""{"s":"é"}""", "S", "=?base64?w6k=?=", 200)]
    [InlineData("""{"s":""}""", "S", "", 200)]
    [InlineData("""{"s":null}""", "S", null, 200)]
    [InlineData("""{"s":null}""", "S", "null", 400)]
    [InlineData("""{}""", "S", null, 200)]
    [InlineData("""{}""", "S", "a", 400)]
    [InlineData("""{"n":42}""", "Num", "42", 200)]
    [InlineData("""{"n":42.0}""", "Num", "42", 200)]
    [InlineData("""{"n":42}""", "Num", "4.2e1", 200)]
    [InlineData("""{"n":42}""", "Num", "43", 400)]
    [InlineData("""{"n":42}""", "Num", "x", 400)]
    [InlineData("""{"n":9007199254740993}""", "Num", "9007199254740993", 400)]
    [InlineData("""{"n":4.5}""", "Num", "4.5", 400)]
    [InlineData("""{"b":true}""", "B", "true", 200)]
    [InlineData("""{"b":true}""", "B", "True", 400)]
    [InlineData("""{"s":{}}""", "S", "{}", 400)]
    [InlineData("""{"o":{"d":"x"}}""", "Deep", "x", 200)]
    [InlineData("""{"o":{"d":"x"}}""", "Deep", "y", 400)]
    [InlineData("""{"free":"x"}""", "Free", "y", 200)]
    public async Task An_argument_is_what_its_header_says(string arguments, string header, string? value, int status)
    {
        await using Guarded guarded = await Guarded.StartAsync();
        guarded.Server.Answer = (context, request) => RecordingServer.JsonAsync(
            context, request.Text.Contains("tools/list", StringComparison.Ordinal) ? Listed : RecordingServer.Result);
        (int unlisted, _) = await guarded.PostAsync(ModernCall(arguments), [.. Standard, ($"Mcp-Param-{header}", value)]);
        (int listed, _) = await guarded.PostAsync("""{"jsonrpc":"2.0","id":9,"method":"tools/list"}""");

        (int actual, string text) = await guarded.PostAsync(ModernCall(arguments), [.. Standard, ($"Mcp-Param-{header}", value)]);

        Assert.Equal((200, 200), (unlisted, listed));
        Assert.Equal(status, actual);
        Assert.Equal(status == 400, text.Contains("-32020", StringComparison.Ordinal));
        if (status == 200 && value is not null)
        {
            Assert.Equal(value.Trim(), guarded.Server.Last.Headers[$"Mcp-Param-{header}"]);
        }
    }

    [Fact]
    public async Task The_server_gets_the_protocol_s_headers_and_its_own_and_no_others()
    {
        await using Guarded guarded = await Guarded.StartAsync(options =>
        {
            options.UpstreamHeaders["Authorization"] = "Bearer of-the-proxy";
            options.UpstreamHeaders["X-Key"] = "k";
        });

        await guarded.PostAsync(
            Guarded.Call("echo"), ("Cookie", "c=1"), ("X-Forwarded-For", "1.2.3.4"), ("X-Key", "callers"), ("Mcp-Other", "1"),
            ("Mcp-Name-Other", "1"), ("Last-Event-ID", "7"), ("traceparent", "00-t"), ("tracestate", "a=b"), ("User-Agent", "me/1"),
            ("Mcp-Param-Unknown", "u"), ("Accept-Encoding", "gzip"), ("MCP-Protocol-Version", "2025-11-25"));

        IReadOnlyDictionary<string, string> headers = guarded.Server.Last.Headers;
        Assert.Equal(
            [
                "Accept", "Authorization", "Content-Length", "Content-Type", "Host", "MCP-Protocol-Version", "Mcp-Param-Unknown",
                "User-Agent", "X-Key", "traceparent", "tracestate",
            ],
            headers.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(("Bearer of-the-proxy", "k", "me/1", "00-t"), (
            headers["Authorization"], headers["X-Key"], headers["User-Agent"], headers["traceparent"]));
        Assert.Equal("application/json, text/event-stream", headers["Accept"]);
    }

    [Fact]
    public async Task The_client_gets_the_protocol_s_headers_and_no_others()
    {
        await using Guarded guarded = await Guarded.StartAsync();
        guarded.Server.Answer = (context, _) =>
        {
            foreach (string name in (string[])["Set-Cookie", "Server", "X-Inside", "Cache-Control", "Retry-After", "WWW-Authenticate"])
            {
                context.Response.Headers[name] = "1";
            }

            return RecordingServer.JsonAsync(context, RecordingServer.Result);
        };

        using HttpResponseMessage response = await guarded.SendAsync(Guarded.Call("echo"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(
            ["Cache-Control", "Date", "Retry-After"],
            response.Headers.NonValidated.Select(header => header.Key).Order(StringComparer.Ordinal));
    }

    private static string ModernCall(string arguments) => $$"""
        {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{{arguments}},
        "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"} } }
        """;
}
