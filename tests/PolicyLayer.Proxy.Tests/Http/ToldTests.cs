using Microsoft.AspNetCore.Http;

namespace PolicyLayer.Tests.Proxy.Http;

/// <summary>What whoever runs a proxy is told, so that they see what is wrong.</summary>
public sealed class ToldTests : IDisposable
{
    private readonly LogLines _log = new();

    [Theory]
    [InlineData("<h1>geheim</h1>", "text/html; charset=utf-8", 404, "It has status 404 and `text/html` where a message belongs.")]
    [InlineData("<h1>geheim</h1>", "text/html", 200, "It has status 200 and `text/html` where a message belongs.")]
    [InlineData("geheim", null, 200, "It has status 200 and a text of no known type where a message belongs.")]
    [InlineData("geheim", "text/ge{heim}", 500, "It has status 500 and a text of no known type where a message belongs.")]
    [InlineData("", null, 404, "It has status 404 and nothing where a message belongs.")]
    public async Task An_address_that_is_no_servers_is_told_by_status_and_type(string body, string? type, int status, string told)
    {
        await using Guarded guarded = await Guarded.StartAsync(options => options.Guard.LoggerFactory = _log);
        guarded.Server.Answer = (context, _) =>
        {
            (context.Response.StatusCode, context.Response.ContentType) = (status, type);
            return context.Response.WriteAsync(body);
        };

        (_, string answer) = await guarded.PostAsync(Guarded.Call("echo"));

        Assert.Equal([$"The server's answer wasn't passed on: {told}"], _log.Of("BadAnswer"));
        Assert.DoesNotContain("heim", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_wants_no_answer_is_taken_without_a_word()
    {
        await using Guarded guarded = await Guarded.StartAsync(options => options.Guard.LoggerFactory = _log);

        (int status, _) = await guarded.PostAsync("""{"jsonrpc":"2.0","method":"notifications/progress","params":{}}""");

        Assert.Equal(202, status);
        Assert.Empty(_log.Of("BadAnswer"));
    }

    [Fact]
    public async Task A_batch_of_the_servers_ends_the_wait_for_what_it_answers()
    {
        await using Guarded guarded = await Guarded.StartAsync(options => options.Guard.LoggerFactory = _log);
        var goOn = new TaskCompletionSource();
        guarded.Server.Answer = async (context, _) =>
        {
            await RecordingServer.EventsAsync(
                context,
                "data: [{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\"},{\"id\":1,\"jsonrpc\":\"2.0\",\"result\":{}}]\n\n");
            await goOn.Task;
        };

        using HttpResponseMessage response = await guarded.SendAsync(Guarded.Call("echo"));
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        string? line = await reader.ReadLineAsync();
        goOn.SetResult();

        Assert.Equal(
            """data: {"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"The server\u0027s answer can\u0027t be read."}}""", line);
        Assert.NotEmpty(_log.Of("Unreadable"));
    }

    [Fact]
    public async Task Somebody_elses_session_is_told_without_its_id_or_a_token()
    {
        await using Guarded guarded = await Guarded.StartAsync(options => options.Guard.LoggerFactory = _log);
        guarded.Server.Answer = (context, _) =>
        {
            context.Response.Headers["Mcp-Session-Id"] = "the-session";
            return RecordingServer.JsonAsync(context, """{"jsonrpc":"2.0","id":0,"result":{}}""");
        };
        string session = await SessionTests.BeginAsync(guarded);

        await guarded.PostAsync(Guarded.Call("echo"), ("Mcp-Session-Id", "made-up"));
        Assert.Empty(_log.Of("ForeignSession"));
        await guarded.PostAsync(Guarded.Call("echo"), ("Mcp-Session-Id", session), ("Authorization", "Bearer token-of-b"));

        Assert.Equal(
            ["A caller of the grant b was refused: it named a session that another caller has"], _log.Of("ForeignSession"));
    }

    public void Dispose() => _log.Dispose();
}
