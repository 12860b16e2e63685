using Microsoft.AspNetCore.Http;

namespace PolicyLayer.Tests.Proxy.Http;

/// <summary>Sessions of the protocol's earlier revisions, and who is in them.</summary>
public sealed class SessionTests
{
    private const string Initialize = """{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25"}}""";

    private int _sessions;

    [Fact]
    public async Task A_session_is_of_the_grant_that_began_it()
    {
        await using Guarded guarded = await StartAsync();
        string session = await BeginAsync(guarded);

        (int own, _) = await guarded.PostAsync(Guarded.Call("echo"), ("Mcp-Session-Id", session));
        int before = guarded.Server.Requests.Count;
        (int other, string text) = await guarded.PostAsync(
            Guarded.Call("echo"), ("Mcp-Session-Id", session), ("Authorization", "Bearer token-of-b"));
        (int unknown, _) = await guarded.PostAsync(Guarded.Call("echo"), ("Mcp-Session-Id", "made-up"));
        int got = await StatusAsync(guarded, HttpMethod.Get, session, "b");
        int deleted = await StatusAsync(guarded, HttpMethod.Delete, session, "b");

        Assert.Equal((200, 404, 404, 404, 404), (own, other, unknown, got, deleted));
        Assert.StartsWith("""{"jsonrpc":"2.0","id":1,"error":{"code":-32600""", text);
        Assert.Equal(before, guarded.Server.Requests.Count);
        Assert.Equal(session, guarded.Server.Last.Headers["Mcp-Session-Id"]);
    }

    [Fact]
    public async Task Each_session_has_its_own_counters_and_no_session_none()
    {
        await using Guarded guarded = await StartAsync();
        string one = await BeginAsync(guarded);
        string two = await BeginAsync(guarded);

        Assert.DoesNotContain("denial", await CallAsync(one), StringComparison.Ordinal);
        Assert.Contains("limit_exceeded", await CallAsync(one), StringComparison.Ordinal);
        Assert.DoesNotContain("denial", await CallAsync(two), StringComparison.Ordinal);
        Assert.Contains("session_missing", await CallAsync(null), StringComparison.Ordinal);

        async Task<string> CallAsync(string? session) =>
            (await guarded.PostAsync(Guarded.Call("session_once"), ("Mcp-Session-Id", session))).Text;
    }

    [Fact]
    public async Task A_gateway_s_header_says_the_session_where_it_is_trusted()
    {
        await using Guarded guarded = await StartAsync(options => options.SessionHeader = "X-Session");
        string session = await BeginAsync(guarded, ("X-Session", "one"));

        (_, string first) = await guarded.PostAsync(Guarded.Call("session_once"), ("X-Session", "one"));
        (_, string second) = await guarded.PostAsync(Guarded.Call("session_once"), ("X-Session", "one"), ("Mcp-Session-Id", session));
        (_, string third) = await guarded.PostAsync(Guarded.Call("session_once"), ("X-Session", "two"));
        (int elsewhere, _) = await guarded.PostAsync(Guarded.Call("echo"), ("X-Session", "two"), ("Mcp-Session-Id", session));
        (_, string none) = await guarded.PostAsync(Guarded.Call("session_once"));
        (int odd, _) = await guarded.PostAsync(Guarded.Call("echo"), ("X-Session", "a b"));

        Assert.DoesNotContain("denial", first, StringComparison.Ordinal);
        Assert.Contains("limit_exceeded", second, StringComparison.Ordinal);
        Assert.DoesNotContain("denial", third, StringComparison.Ordinal);
        Assert.Contains("session_missing", none, StringComparison.Ordinal);
        Assert.Equal((404, 400), (elsewhere, odd));
    }

    [Fact]
    public async Task A_session_ends_when_it_is_deleted_and_when_the_server_has_forgotten_it()
    {
        await using Guarded guarded = await StartAsync();
        string deleted = await BeginAsync(guarded);
        string forgotten = await BeginAsync(guarded);

        Assert.Equal(202, await StatusAsync(guarded, HttpMethod.Delete, deleted, "a"));
        Assert.Equal(404, (await guarded.PostAsync(Guarded.Call("echo"), ("Mcp-Session-Id", deleted))).Status);
        Func<HttpContext, RecordedRequest, Task> before = guarded.Server.Answer;
        guarded.Server.Answer = (context, _) => RecordingServer.JsonAsync(context, "", 404);
        await guarded.PostAsync(Guarded.Call("echo"), ("Mcp-Session-Id", forgotten));
        guarded.Server.Answer = before;
        int count = guarded.Server.Requests.Count;
        Assert.Equal(404, (await guarded.PostAsync(Guarded.Call("echo"), ("Mcp-Session-Id", forgotten))).Status);
        Assert.Equal(count, guarded.Server.Requests.Count);
    }

    [Fact]
    public async Task A_session_that_nobody_uses_is_forgotten()
    {
        await using Guarded guarded = await StartAsync();
        string session = await BeginAsync(guarded);

        guarded.Clock.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(200, (await guarded.PostAsync(Guarded.Call("echo"), ("Mcp-Session-Id", session))).Status);
        guarded.Clock.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(200, (await guarded.PostAsync(Guarded.Call("echo"), ("Mcp-Session-Id", session))).Status);
        guarded.Clock.Advance(TimeSpan.FromMinutes(61));
        Assert.Equal(404, (await guarded.PostAsync(Guarded.Call("echo"), ("Mcp-Session-Id", session))).Status);
    }

    [Fact]
    public async Task A_session_that_is_somebody_s_is_given_to_nobody_else()
    {
        await using Guarded guarded = await StartAsync();
        guarded.Server.Answer = (context, _) =>
        {
            context.Response.Headers["Mcp-Session-Id"] = "same";
            return RecordingServer.JsonAsync(context, """{"jsonrpc":"2.0","id":0,"result":{}}""");
        };

        Assert.Equal("same", await BeginAsync(guarded));
        Assert.Equal(502, (await guarded.PostAsync(Initialize, ("Authorization", "Bearer token-of-b"))).Status);
        Assert.Equal("same", await BeginAsync(guarded));
        Assert.Equal(200, (await guarded.PostAsync(Guarded.Call("echo", "0"), ("Mcp-Session-Id", "same"))).Status);
    }

    [Theory]
    [InlineData("a b", 1, 502)]
    [InlineData("a,b", 1, 200)]
    [InlineData("s", 4096, 200)]
    [InlineData("s", 4097, 502)]
    public async Task A_session_has_an_id_that_a_client_can_say(string part, int count, int status)
    {
        await using Guarded guarded = await StartAsync();
        string given = string.Concat(Enumerable.Repeat(part, count));
        guarded.Server.Answer = (context, _) =>
        {
            context.Response.Headers["Mcp-Session-Id"] = given;
            return RecordingServer.JsonAsync(context, """{"jsonrpc":"2.0","id":0,"result":{}}""");
        };

        Assert.Equal(status, (await guarded.PostAsync(Initialize)).Status);
    }

    [Fact]
    public async Task A_client_says_once_what_it_goes_on_after()
    {
        await using Guarded guarded = await StartAsync();
        string session = await BeginAsync(guarded);
        int before = guarded.Server.Requests.Count;

        string answer = await AdmissionTests.RawAsync(
            guarded.Proxy.Address, "GET / HTTP/1.1", "Authorization: Bearer token-of-a", $"Mcp-Session-Id: {session}", "Last-Event-ID: 1",
            "Last-Event-ID: 2", "", "");

        Assert.StartsWith("HTTP/1.1 400", answer);
        Assert.Equal(before, guarded.Server.Requests.Count);
    }

    [Theory]
    [InlineData("1", true)]
    [InlineData("2", false)]
    [InlineData("", false)]
    public async Task A_client_goes_on_after_what_its_session_has_shown_alone(string lastEvent, bool isPassed)
    {
        await using Guarded guarded = await StartAsync();
        string other = await BeginAsync(guarded);
        string session = await BeginAsync(guarded);
        guarded.Server.Answer = (context, request) => RecordingServer.EventsAsync(
            context, $"id: {(request.Headers["Mcp-Session-Id"] == session ? 1 : 2)}\ndata: {RecordingServer.Result}\n\n");
        await guarded.PostAsync(Guarded.Call("echo"), ("Mcp-Session-Id", session));
        await guarded.PostAsync(Guarded.Call("echo"), ("Mcp-Session-Id", other));

        using HttpRequestMessage get = Guarded.Request(
            HttpMethod.Get, null, ("Mcp-Session-Id", session), ("Last-Event-ID", lastEvent));
        using HttpResponseMessage response = await guarded.Client.SendAsync(get);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal(isPassed, guarded.Server.Last.Headers.ContainsKey("Last-Event-ID"));
    }

    [Fact]
    public async Task A_session_s_id_means_nothing_where_there_are_no_sessions()
    {
        await using Guarded guarded = await StartAsync();
        const string Body = """
            {"jsonrpc":"2.0","id":1,"method":"ping","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}
            """;

        (int status, _) = await guarded.PostAsync(
            Body, ("Mcp-Session-Id", "x"), ("Mcp-Method", "ping"), ("MCP-Protocol-Version", "2026-07-28"));
        using HttpRequestMessage get = Guarded.Request(
            HttpMethod.Get, null, ("Mcp-Session-Id", "x"), ("MCP-Protocol-Version", "2026-07-28"));
        using HttpResponseMessage response = await guarded.Client.SendAsync(get);

        Assert.Equal((200, 405), (status, (int)response.StatusCode));
        Assert.False(guarded.Server.Last.Headers.ContainsKey("Mcp-Session-Id"));
    }

    [Fact]
    public async Task An_answer_that_comes_on_another_stream_is_held_to_its_request()
    {
        await using Guarded guarded = await StartAsync();
        string session = await BeginAsync(guarded);
        guarded.Server.Answer = (context, request) => RecordingServer.EventsAsync(
            context,
            request.Method == "GET"
                ? "id: 2\ndata: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"tools\":[{\"name\":\"secret\"}]}}\n\n"
                : "id: 1\nretry: 1\ndata: \n\n");

        (_, string first) = await guarded.PostAsync(
            """{"jsonrpc":"2.0","id":1,"method":"tools/list"}""", ("Mcp-Session-Id", session));
        using HttpRequestMessage get = Guarded.Request(HttpMethod.Get, null, ("Mcp-Session-Id", session), ("Last-Event-ID", "1"));
        using HttpResponseMessage resumed = await guarded.Client.SendAsync(get);
        using HttpRequestMessage again = Guarded.Request(HttpMethod.Get, null, ("Mcp-Session-Id", session), ("Last-Event-ID", "1"));
        using HttpResponseMessage repeated = await guarded.Client.SendAsync(again);

        Assert.Equal("id: 1\nretry: 1\ndata: \n\n", first);
        Assert.Equal("1", guarded.Server.Last.Headers["Last-Event-ID"]);
        Assert.Equal(
            "id: 2\ndata: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"tools\":[]}}\n\n", await resumed.Content.ReadAsStringAsync());
        Assert.Equal("id: 2\n\n", await repeated.Content.ReadAsStringAsync());
    }

    internal static async Task<string> BeginAsync(Guarded guarded, params (string, string?)[] headers)
    {
        using HttpResponseMessage response = await guarded.SendAsync(Initialize, headers);
        Assert.Equal(200, (int)response.StatusCode);
        await response.Content.ReadAsStringAsync();
        return response.Headers.GetValues("Mcp-Session-Id").Single();
    }

    private static async Task<int> StatusAsync(Guarded guarded, HttpMethod method, string session, string grant)
    {
        using HttpRequestMessage request = Guarded.Request(
            method, null, ("Mcp-Session-Id", session), ("Authorization", $"Bearer token-of-{grant}"));
        using HttpResponseMessage response = await guarded.Client.SendAsync(request);
        return (int)response.StatusCode;
    }

    private async Task<Guarded> StartAsync(Action<PolicyLayer.Proxy.HttpProxyOptions>? configure = null)
    {
        Guarded guarded = await Guarded.StartAsync(configure);
        Func<HttpContext, RecordedRequest, Task> plain = guarded.Server.Answer;
        guarded.Server.Answer = (context, request) =>
        {
            if (request.Text.Contains("initialize", StringComparison.Ordinal))
            {
                context.Response.Headers["Mcp-Session-Id"] = $"s{Interlocked.Increment(ref _sessions)}";
            }

            return plain(context, request);
        };
        return guarded;
    }
}
