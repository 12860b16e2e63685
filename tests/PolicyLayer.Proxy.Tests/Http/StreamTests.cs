using System.Text;
using Microsoft.AspNetCore.Http;
using PolicyLayer.Grants;

namespace PolicyLayer.Tests.Proxy.Http;

/// <summary>Streams that stay open: what they are told, and how they end.</summary>
public sealed class StreamTests
{
    private const string Changed = "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\"}\n\n";

    private const string Listen = """
        {"jsonrpc":"2.0","id":"l","method":"subscriptions/listen","params":{"notifications":{"toolsListChanged":true},
        "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}
        """;

    private const string Acknowledged =
        "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/subscriptions/acknowledged\",\"params\":{\"_meta\":"
        + "{\"io.modelcontextprotocol/subscriptionId\":\"l\"},\"notifications\":{\"toolsListChanged\":true}}}\n\n";

    private static readonly (string, string?)[] ListenHeaders =
        [("MCP-Protocol-Version", "2026-07-28"), ("Mcp-Method", "subscriptions/listen")];

    [Fact]
    public async Task A_reload_is_told_on_one_stream_of_a_session_and_on_subscriptions()
    {
        await using Guarded guarded = await Guarded.StartAsync();
        string session = await BeginAsync(guarded);
        guarded.Server.Answer = HoldAsync;
        await using OpenStream stream = await OpenAsync(guarded, session);
        await using OpenStream subscription = await OpenStream.ReadAsync(
            await guarded.SendAsync(Listen, ListenHeaders), Acknowledged.Length);

        await guarded.Authorizer.ReloadAsync(new PolicyBundle(
            [Policy.Parse(Guarded.Document.Replace("\"echo\": {},", "", StringComparison.Ordinal))]));

        Assert.Equal(Changed, await stream.ReadAsync(Changed.Length));
        string told = "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\",\"params\":{\"_meta\":"
            + "{\"io.modelcontextprotocol/subscriptionId\":\"l\"}}}\n\n";
        Assert.Equal(told, await subscription.ReadAsync(told.Length));
    }

    [Fact]
    public async Task A_stream_of_a_grant_that_is_revoked_ends()
    {
        await using Guarded guarded = await Guarded.StartAsync();
        string session = await BeginAsync(guarded);
        guarded.Server.Answer = HoldAsync;
        await using OpenStream stream = await OpenAsync(guarded, session);

        await guarded.Authorizer.ReloadAsync(new PolicyBundle(guarded.Authorizer.Policies, [Guarded.GrantOf("b")]));

        Assert.Equal("", await stream.ReadToEndAsync());
        Assert.Equal(401, (await guarded.PostAsync(Guarded.Call("echo"), ("Mcp-Session-Id", session))).Status);
    }

    [Fact]
    public async Task A_token_that_is_replaced_loses_its_streams_and_its_sessions()
    {
        await using Guarded guarded = await Guarded.StartAsync();
        string session = await BeginAsync(guarded);
        guarded.Server.Answer = HoldAsync;
        await using OpenStream stream = await OpenAsync(guarded, session);

        var renewed = new Grant("a") { TokenSha256 = GrantToken.Hash("new") };
        await guarded.Authorizer.ReloadAsync(new PolicyBundle(guarded.Authorizer.Policies, [renewed]));

        Assert.Equal("", await stream.ReadToEndAsync());
        Assert.Equal(401, (await guarded.PostAsync(Guarded.Call("echo"), ("Mcp-Session-Id", session))).Status);
        (int status, _) = await guarded.PostAsync(
            Guarded.Call("echo"), ("Mcp-Session-Id", session), ("Authorization", "Bearer new"));
        Assert.Equal(404, status);
    }

    [Fact]
    public async Task A_grant_that_expires_loses_its_streams_within_a_second()
    {
        await using Guarded guarded = await Guarded.StartAsync();
        string session = await BeginAsync(guarded);
        guarded.Server.Answer = HoldAsync;
        await using OpenStream stream = await OpenAsync(guarded, session);
        guarded.Grants.Replace([new Grant("a")
        {
            TokenSha256 = GrantToken.Hash(Guarded.TokenOf("a")), Expires = guarded.Clock.GetUtcNow().AddSeconds(30),
        }]);

        guarded.Clock.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal("", await stream.ReadToEndAsync());
    }

    [Fact]
    public async Task Shutting_down_answers_what_waits_and_takes_no_more()
    {
        await using Guarded guarded = await Guarded.StartAsync();
        string session = await BeginAsync(guarded);
        var arrived = new TaskCompletionSource();
        guarded.Server.Answer = async (context, request) =>
        {
            if (request.Method == "POST")
            {
                arrived.SetResult();
            }

            await HoldAsync(context, request);
        };
        await using OpenStream stream = await OpenAsync(guarded, session);
        Task<(int, string Text)> call = guarded.PostAsync(Guarded.Call("echo"));
        await arrived.Task;

        Task stopping = guarded.Proxy.DisposeAsync().AsTask();
        Assert.Equal("", await stream.ReadToEndAsync());
        Assert.False(call.IsCompleted);
        guarded.Clock.Advance(TimeSpan.FromSeconds(3));
        (_, string text) = await call;
        guarded.Clock.Advance(TimeSpan.FromSeconds(1));
        await stopping;

        Assert.Contains("The proxy is shutting down.", text, StringComparison.Ordinal);
        await Assert.ThrowsAsync<HttpRequestException>(() => guarded.PostAsync(Guarded.Call("echo")));
    }

    // Holds its answers until it is left: events begin at once.
    private static async Task HoldAsync(HttpContext context, RecordedRequest request)
    {
        bool isListening = request.Text.Contains("subscriptions", StringComparison.Ordinal);
        await RecordingServer.EventsAsync(context, isListening ? Acknowledged : ":\n\n");
        var left = new TaskCompletionSource();
        context.RequestAborted.Register(left.SetResult);
        await left.Task;
    }

    private static async Task<string> BeginAsync(Guarded guarded)
    {
        guarded.Server.Answer = (context, request) =>
        {
            context.Response.Headers["Mcp-Session-Id"] = "s";
            return request.Text.Contains("initialized", StringComparison.Ordinal)
                ? RecordingServer.JsonAsync(context, "", 202)
                : RecordingServer.JsonAsync(context, """{"jsonrpc":"2.0","id":0,"result":{}}""");
        };
        string session = await SessionTests.BeginAsync(guarded);
        await guarded.PostAsync("""{"jsonrpc":"2.0","method":"notifications/initialized"}""", ("Mcp-Session-Id", session));
        return session;
    }

    private static async Task<OpenStream> OpenAsync(Guarded guarded, string session)
    {
        using HttpRequestMessage get = Guarded.Request(HttpMethod.Get, null, ("Mcp-Session-Id", session));
        return await OpenStream.ReadAsync(await guarded.Client.SendAsync(get, HttpCompletionOption.ResponseHeadersRead), ":\n\n".Length);
    }

    /// <summary>An answer that is read while it comes.</summary>
    private sealed class OpenStream(HttpResponseMessage response, Stream body) : IAsyncDisposable
    {
        public static async Task<OpenStream> ReadAsync(HttpResponseMessage response, int head)
        {
            Assert.Equal(200, (int)response.StatusCode);
            var stream = new OpenStream(response, await response.Content.ReadAsStreamAsync());
            await stream.ReadAsync(head);
            return stream;
        }

        public async Task<string> ReadAsync(int length)
        {
            var bytes = new byte[length];
            await body.ReadExactlyAsync(bytes);
            return Encoding.UTF8.GetString(bytes);
        }

        public async Task<string> ReadToEndAsync()
        {
            using var reader = new StreamReader(body);
            return await reader.ReadToEndAsync();
        }

        public ValueTask DisposeAsync()
        {
            response.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
