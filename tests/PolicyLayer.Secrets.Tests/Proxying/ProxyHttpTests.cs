using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PolicyLayer.Grants;
using PolicyLayer.Proxy;
using PolicyLayer.Tests.Secrets.Hosts;
using PolicyLayer.Tests.Secrets.Searching;
using PolicyLayer.Tests.Secrets.Witnesses;

namespace PolicyLayer.Tests.Secrets.Proxying;

/// <summary>What a proxy over HTTP logs, measures, records and answers says nothing of what clients and servers say.</summary>
public sealed class ProxyHttpTests : IAsyncLifetime
{
    private const string Answers = "answers";

    private readonly Plant _plant = new();
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false });
    private PlantedMessages _messages = null!;
    private Stage _stage = null!;
    private TalkativeServer _server = null!;
    private HttpProxy _proxy = null!;

    public async Task InitializeAsync()
    {
        _messages = new PlantedMessages(_plant);
        _stage = new Stage(PlantedMessages.Policy, _plant);
        _server = await TalkativeServer.StartAsync();
        var options = new HttpProxyOptions
        {
            Grants = new GrantDirectory([new Grant("g") { TokenSha256 = GrantToken.Hash(_stage.Token) }]),
            UpstreamHeaders = { ["Authorization"] = $"Bearer {_plant.Text("credential for the server")}" },
            Guard =
            {
                LoggerFactory = LoggerFactory.Create(
                    builder => builder.SetMinimumLevel(LogLevel.Trace).AddProvider(new LogWitness(_stage.Witness))),
            },
        };
        var upstream = new Uri(_server.Address, $"/?key={_plant.Text("key in the server's address")}");
        _proxy = await HttpProxy.StartAsync(_stage.Authorizer, upstream, options);
        _client.BaseAddress = _proxy.Address;
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _proxy.DisposeAsync();
        await _server.DisposeAsync();
        await _stage.DisposeAsync();
    }

    [Fact]
    public async Task Of_clients()
    {
        foreach (string message in _messages.Judged())
        {
            await SendAsync(message);
        }

        foreach (string message in _messages.Refused())
        {
            Assert.Equal(400, await SendAsync(message));
        }

        foreach ((string Name, string? Value, int Status) header in ((string, string?, int)[])
        [
            ("Authorization", $"Bearer {Text("token of nobody")}", 401), ("Authorization", $"Basic {Text("no token")}", 401),
            ("Authorization", $"Bearer {_stage.Token},{Text("second token")}", 401), ("Origin", $"https://{Text("origin")}.example", 403),
            ("Host", $"{Text("host")}.example", 403), ("Mcp-Session-Id", Text("session"), 404), ("Mcp-Method", Text("method"), 400),
            ("Mcp-Name", Text("name"), 400), ("MCP-Protocol-Version", Text("revision"), 400), ("Cookie", Text("cookie"), 502),
            ($"Mcp-Param-{Text("parameter")}", Text("value of a parameter"), 502), ($"X-{Text("header")}", Text("value"), 502),
            ("Last-Event-ID", Text("event"), 502), ("Content-Type", $"text/{Text("type")}", 415), ("traceparent", Text("trace"), 502),
        ])
        {
            Assert.Equal((header.Name, header.Status), (header.Name, await SendAsync(_messages.Call("allow", "{}"), header)));
        }

        Assert.Equal(404, await SendAsync(_messages.Call("allow", "{}"), path: $"/{Text("path")}?{Text("query")}"));
        await EndAsync();
    }

    [Fact]
    public async Task Of_servers()
    {
        string said = $$"""{"jsonrpc":"2.0","id":0,"result":{"v":"{{Text("answer to nobody")}}"} }""";
        foreach (Func<HttpResponse, Task> answer in (Func<HttpResponse, Task>[])
        [
            response => TalkativeServer.JsonAsync(response, Text("no JSON")), response => TalkativeServer.JsonAsync(response, said),
            response => TalkativeServer.JsonAsync(response, Text("text"), type: $"text/plain; x={Text("type")}"),
            response => TalkativeServer.JsonAsync(response, Text("failure"), 500, "text/plain"),
            response => TalkativeServer.JsonAsync(response, $"data: {Text("event")}\n\n", type: "text/event-stream"),
            response => TalkativeServer.JsonAsync(response, $"event: endpoint\ndata: {Text("endpoint")}\n\n", type: "text/event-stream"),
            response => With(response, "Location", $"https://{Text("location")}.example/", 302),
            response => With(response, "WWW-Authenticate", $"Bearer realm=\"{Text("realm")}\"", 401),
            response => With(response, "Content-Encoding", Text("encoding"), 200),
            response => With(response, "Set-Cookie", Text("cookie of the server"), 500),
            response =>
            {
                response.HttpContext.Abort();
                return Task.CompletedTask;
            },
        ])
        {
            _server.Answer = answer;
            Assert.InRange(await SendAsync(_messages.Call("allow", $$"""{"v":"{{Text("argument")}}"}""")), 200, 502);
        }

        await EndAsync();
    }

    [Fact]
    public async Task What_a_tool_asks_for_and_a_person_answers()
    {
        string asked = $$"""{"k":{"method":"elicitation/create","params":{"message":"{{Text("question")}}"} } }""";
        string asking = $$"""{"resultType":"input_required","inputRequests":{{asked}},"requestState":"{{Text("state of the tool")}}"}""";
        _server.Answer = response =>
            TalkativeServer.JsonAsync(response, $$"""{"jsonrpc":"2.0","id":1,"result":{{asking}} }""");
        string meta = "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
            + "\"io.modelcontextprotocol/clientCapabilities\":{}}";
        (string, string?, int)[] headers =
            [("MCP-Protocol-Version", "2026-07-28", 0), ("Mcp-Method", "tools/call", 0), ("Mcp-Name", "asks", 0)];
        string parameters = $$"""{"name":"asks","arguments":{"v":"{{Text("argument")}}"},{{meta}}""";
        string call = $$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{{parameters}}""";
        (_, string answer) = await AskAsync(call + "}}", headers);
        string sealedState = System.Text.Json.JsonDocument.Parse(answer).RootElement
            .GetProperty("result").GetProperty("requestState").GetString()!;
        _stage.Witness.See("sealed state", sealedState);
        string input = $$"""{"k":{"action":"accept","content":{"v":"{{Text("input")}}"} } }""";

        (int status, _) = await AskAsync($$"""{{call}},"requestState":"{{sealedState}}","inputResponses":{{input}} } }""", headers);

        Assert.Equal(200, status);
        await EndAsync();
    }

    private static Task With(HttpResponse response, string name, string value, int status)
    {
        response.Headers[name] = value;
        return TalkativeServer.JsonAsync(response, "{}", status);
    }

    /// <summary>Sends a message whose answer is the proxy's own, or says nothing.</summary>
    private async Task<int> SendAsync(string body, (string Name, string? Value, int)? header = null, string path = "/mcp")
    {
        (int status, string answer) = await AskAsync(body, header is { } given ? [given] : [], path);
        _stage.Witness.See(Answers, answer);
        return status;
    }

    private async Task<(int Status, string Answer)> AskAsync(
        string body, IEnumerable<(string Name, string? Value, int)> headers, string path = "/mcp")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Content = new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes(body));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _stage.Token);
        foreach ((string name, string? value, _) in headers)
        {
            HttpHeaders all = name == "Content-Type" ? request.Content.Headers : request.Headers;
            all.Remove(name);
            all.TryAddWithoutValidation(name, value);
        }

        using HttpResponseMessage response = await _client.SendAsync(request);
        string heads = $"{response.Headers}{response.Content.Headers}";
        _stage.Witness.See("heads of answers", heads);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private async Task EndAsync()
    {
        await _proxy.DisposeAsync();
        await _stage.EndAsync();
        _stage.Witness.AssertHasNone(_plant.Secrets);
        Assert.Contains("logs", _stage.Witness.Places);
    }

    private string Text(string position) => _plant.Text(position);
}
