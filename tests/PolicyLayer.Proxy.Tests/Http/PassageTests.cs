namespace PolicyLayer.Tests.Proxy.Http;

/// <summary>What of a client's messages reaches the server, and what comes back.</summary>
public sealed class PassageTests
{
    [Fact]
    public async Task An_allowed_call_and_its_answer_pass_byte_for_byte()
    {
        await using Guarded guarded = await Guarded.StartAsync();
        const string Body = "\n{ \"id\" : 1, \"method\":\"tools\\/call\",\"jsonrpc\":\"2.0\" ,\"params\":{\"name\":\"echo\",\"é\":1e2} } ";

        (int status, string text) = await guarded.PostAsync(Body);

        Assert.Equal((200, RecordingServer.Result), (status, text));
        Assert.Equal(Body, guarded.Server.Last.Text);
    }

    [Fact]
    public async Task A_denial_is_a_result_and_reaches_no_server()
    {
        await using Guarded guarded = await Guarded.StartAsync();

        (int status, string text) = await guarded.PostAsync(Guarded.Call("secret", "\"x\""));

        Assert.Equal(200, status);
        Assert.StartsWith("""{"jsonrpc":"2.0","id":"x","result":{"content":[{"type":"text","text":"[POLICY DENIED]""", text);
        Assert.Empty(guarded.Server.Requests);
    }

    [Fact]
    public async Task A_call_that_the_server_breaks_off_is_not_sent_again()
    {
        await using Guarded guarded = await Guarded.StartAsync();
        await guarded.PostAsync(Guarded.Call("echo", "1"));
        guarded.Server.Answer = (context, _) =>
        {
            context.Abort();
            return Task.CompletedTask;
        };

        // On the connection of the first, where a client may take a break for one that came before its request.
        (int status, string text) = await guarded.PostAsync(Guarded.Call("echo", "2"));

        Assert.Equal(502, status);
        Assert.StartsWith("""{"jsonrpc":"2.0","id":2,"error":{"code":-32603,""", text);
        Assert.Equal(2, guarded.Server.Requests.Count);
    }

    [Theory]
    [InlineData("""[{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"secret"}}]""", "null", -32600)]
    [InlineData("""[]""", "null", -32600)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo"},"method":"tools/call"}""", "1", -32600)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","name":"secret"}}""", "1", -32600)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","n\u0061me":"secret"}}""", "1", -32600)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","Name":"secret"}}""", "1", -32600)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"id":2,"method":"tools/call","params":{"name":"echo"}}""", "null", -32600)]
    [InlineData("""{"jsonrpc":"2.0","id":null,"method":"tools/call","params":{"name":"echo"}}""", "null", -32600)]
    [InlineData("""{"jsonrpc":"2.0","id":1.5,"method":"tools/call","params":{"name":"echo"}}""", "null", -32600)]
    [InlineData("""{"jsonrpc":"2.0","id":[1],"method":"tools/call","params":{"name":"echo"}}""", "null", -32600)]
    [InlineData("""{"jsonrpc":"2.0","method":"tools/call","params":{"name":"echo"}}""", "null", -32600)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"Tools/Call","params":{"name":"secret"}}""", "1", -32600)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{}}""", "1", -32602)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":["secret"]}""", "1", -32600)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo"}} {}""", "1", -32700)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo"}""", "1", -32700)]
    [InlineData("", "null", -32700)]
    public async Task What_may_be_read_in_two_ways_is_refused(string body, string id, int code)
    {
        await using Guarded guarded = await Guarded.StartAsync();

        (int status, string text) = await guarded.PostAsync(body);

        Assert.Equal(400, status);
        Assert.StartsWith($$"""{"jsonrpc":"2.0","id":{{id}},"error":{"code":{{code}},""", text);
        Assert.Empty(guarded.Server.Requests);
    }

    [Theory]
    [InlineData("POST / HTTP/1.1\r\nContent-Length: {length}\r\nTransfer-Encoding: chunked")]
    [InlineData("POST / HTTP/1.1\r\nContent-Length: {length}\r\nContent-Length: 5")]
    [InlineData("POST / HTTP/1.1\r\nContent-Length: {length}\r\nHost: evil.example")]
    [InlineData("POST http://evil.example/ HTTP/1.1\r\nContent-Length: {length}")]
    [InlineData("POST / HTTP/1.1\r\nContent-Length : {length}")]
    [InlineData("POST / HTTP/1.1\r\nContent-Length: {length}\r\nContent-Type: text/plain")]
    public async Task Odd_requests_reach_no_server(string head)
    {
        await using Guarded guarded = await Guarded.StartAsync();
        string body = Guarded.Call("echo");
        string[] lines = head.Replace("{length}", $"{body.Length}", StringComparison.Ordinal).Split("\r\n");

        string answer = await AdmissionTests.RawAsync(
            guarded.Proxy.Address,
            [lines[0], "Authorization: Bearer token-of-a", "Content-Type: application/json", .. lines[1..], "", body]);

        Assert.StartsWith("HTTP/1.1 4", answer);
        Assert.Empty(guarded.Server.Requests);
    }

    [Fact]
    public async Task Other_messages_pass_byte_for_byte()
    {
        await using Guarded guarded = await Guarded.StartAsync();
        string[] messages =
        [
            """{"jsonrpc":"2.0","id":1,"method":"no/such","params":{"x":[1,1.0]}}""",
            """{"jsonrpc":"2.0","id":"s","method":"resources/read","params":{"uri":"x"}}""",
            """{"jsonrpc":"2.0","method":"notifications/x"}""",
        ];
        foreach (string message in messages)
        {
            await guarded.PostAsync(message);
        }

        Assert.Equal(messages, guarded.Server.Requests.Select(request => request.Text));
    }
}
