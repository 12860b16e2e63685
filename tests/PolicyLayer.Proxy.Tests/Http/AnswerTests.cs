using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace PolicyLayer.Tests.Proxy.Http;

/// <summary>What the server answers, and what doesn't go on as it is.</summary>
public sealed class AnswerTests
{
    private const string List = """{"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"secret"},{"name":"echo"}],"n":1.0}}""";
    private const string Shown = """{"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"echo"}],"n":1.0}}""";
    private const string AskList = """{"jsonrpc":"2.0","id":1,"method":"tools/list"}""";

    [Fact]
    public async Task Hidden_tools_are_taken_out_of_JSON_and_of_events()
    {
        await using Guarded guarded = await Guarded.StartAsync();
        guarded.Server.Answer = (context, _) => RecordingServer.JsonAsync(context, List);
        (_, string json) = await guarded.PostAsync(AskList);
        guarded.Server.Answer = (context, _) =>
            RecordingServer.EventsAsync(context, $"id: 4\r\ndata: {List[..20]}", $"{List[20..]}\r\n\r\n");
        (_, string events) = await guarded.PostAsync(AskList);

        Assert.Equal(Shown, json);
        Assert.Equal($"id: 4\r\ndata: {Shown}\n\r\n", events);
    }

    [Fact]
    public async Task Events_pass_byte_for_byte_as_they_come()
    {
        await using Guarded guarded = await Guarded.StartAsync();
        var goOn = new TaskCompletionSource();
        const string First = ":\n\nevent: message\n"
            + "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\ndata: \"params\":{}}\n\n";
        const string Second = $"retry: 5\nid: x\ndata:\n\ndata: {RecordingServer.Result}\r\n\r\n";
        guarded.Server.Answer = async (context, _) =>
        {
            await RecordingServer.EventsAsync(context, First);
            await goOn.Task;
            await RecordingServer.EventsAsync(context, Second);
        };

        using HttpResponseMessage response = await guarded.SendAsync(Guarded.Call("echo"));
        using Stream stream = await response.Content.ReadAsStreamAsync();
        var head = new byte[First.Length];
        await stream.ReadExactlyAsync(head);
        goOn.SetResult();
        using var rest = new StreamReader(stream);

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.ToString());
        Assert.Equal(First, Encoding.UTF8.GetString(head));
        Assert.Equal(Second, await rest.ReadToEndAsync());
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{"tools":[],"tools":[{"name":"secret"}]}}""", "application/json")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{"Tools":[{"name":"secret"}]}}""", "application/json")]
    [InlineData("""[{"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"secret"}]}}]""", "application/json")]
    [InlineData("""{"jsonrpc":"2.0","id":2,"result":{"tools":[{"name":"secret"}]}}""", "application/json")]
    [InlineData("""[{"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"secret"}]}}]""", "text/plain")]
    [InlineData("<html>secret</html>", "text/html")]
    public async Task What_cannot_be_read_is_answered_with_an_error(string answer, string type)
    {
        await using Guarded guarded = await Guarded.StartAsync();
        guarded.Server.Answer = (context, _) =>
        {
            context.Response.ContentType = type;
            return context.Response.WriteAsync(answer);
        };

        (int status, string text) = await guarded.PostAsync(AskList);

        Assert.Equal(502, status);
        Assert.StartsWith("""{"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"The server""", text);
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_that_cannot_be_read_is_left_out_and_its_request_answered()
    {
        await using Guarded guarded = await Guarded.StartAsync();
        const string Bad = """{"jsonrpc":"2.0","id":1,"result":{"tools":[],"tools":[{"name":"secret"}]}}""";
        guarded.Server.Answer = (context, _) => RecordingServer.EventsAsync(
            context, $"id: 1\ndata: [{Bad}]\n\n", $"id: 2\ndata: {Bad}\n\n", $"id: 3\ndata: {List}\n\n");

        (_, string text) = await guarded.PostAsync(AskList);

        Assert.Equal(
            "data: {\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32603,\"message\":\"The server's answer can't be read.\"}}\n\n"
            + "id: 1\n\nid: 2\n\nid: 3\n\n",
            text.Replace("\\u0027", "'", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("event: endpoint\ndata: /messages\n\n", "can't be read")]
    [InlineData(": no answer\n\n", "broke off")]
    [InlineData("id: 1\ndata: \n\n", "broke off")]
    [InlineData("data: {\"never\":", "broke off")]
    public async Task A_stream_that_ends_without_an_answer_gets_one(string events, string reason)
    {
        await using Guarded guarded = await Guarded.StartAsync();
        guarded.Server.Answer = (context, _) => RecordingServer.EventsAsync(context, events);

        (int status, string text) = await guarded.PostAsync(Guarded.Call("echo", "\"q\""));

        Assert.Equal(200, status);
        Assert.Contains("""data: {"jsonrpc":"2.0","id":"q","error":{"code":-32603""", text, StringComparison.Ordinal);
        Assert.Contains(reason, text.Replace("\\u0027", "'", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("endpoint", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_answer_has_its_bounds(bool isStream)
    {
        await using Guarded guarded = await Guarded.StartAsync(options => options.Guard.MaxMessageBytes = 2048);
        string large = $$"""{"jsonrpc":"2.0","id":1,"result":{"x":"{{new string('x', 8000)}}"} }""";
        guarded.Server.Answer = (context, _) => isStream
            ? RecordingServer.EventsAsync(context, $"data: {large}\n\n")
            : RecordingServer.JsonAsync(context, large);

        (int status, string text) = await guarded.PostAsync(Guarded.Call("echo"));

        Assert.Equal(isStream ? 200 : 502, status);
        Assert.Contains("too large", text, StringComparison.Ordinal);
        Assert.DoesNotContain("xxx", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(301, null)]
    [InlineData(307, null)]
    [InlineData(401, null)]
    [InlineData(200, "gzip")]
    public async Task Redirects_the_server_s_own_challenges_and_encodings_are_errors(int status, string? encoding)
    {
        await using Guarded guarded = await Guarded.StartAsync();
        guarded.Server.Answer = (context, _) =>
        {
            context.Response.Headers.Location = "http://127.0.0.1:1/";
            context.Response.Headers.WWWAuthenticate = "Bearer";
            context.Response.Headers.ContentEncoding = encoding;
            return RecordingServer.JsonAsync(context, RecordingServer.Result, status);
        };

        using HttpResponseMessage response = await guarded.SendAsync(Guarded.Call("echo"));

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Empty(response.Headers.WwwAuthenticate);
        Assert.Null(response.Headers.Location);
        Assert.StartsWith("""{"jsonrpc":"2.0","id":1,"error":{"code":-32603""", await response.Content.ReadAsStringAsync());
        Assert.Single(guarded.Server.Requests);
    }

    [Fact]
    public async Task An_error_status_passes_with_its_message()
    {
        await using Guarded guarded = await Guarded.StartAsync();
        const string Error = """{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"no"} }""";
        guarded.Server.Answer = (context, _) => RecordingServer.JsonAsync(context, Error, 404);
        Assert.Equal((404, Error), await guarded.PostAsync(Guarded.Call("echo")));

        guarded.Server.Answer = (context, _) => RecordingServer.JsonAsync(context, List, 400);
        Assert.Equal((400, Shown), await guarded.PostAsync(AskList));

        guarded.Server.Answer = (context, _) =>
        {
            context.Response.StatusCode = 503;
            return context.Response.WriteAsync("Try later");
        };
        (int status, string text) = await guarded.PostAsync(Guarded.Call("echo"));
        Assert.Equal(503, status);
        Assert.Equal("""{"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"The server answers with status 503."}}""", text);
    }

    [Theory]
    [InlineData("text/event-stream;;", true)]
    [InlineData("text/event-stream, application/json", true)]
    [InlineData("Text/Event-Stream ; =x", true)]
    [InlineData("application/json;;", false)]
    [InlineData("application/json, text/event-stream", false)]
    [InlineData("APPLICATION/json;charset", false)]
    public async Task A_type_is_read_once_and_told_as_it_was_read(string type, bool isStream)
    {
        await using Guarded guarded = await Guarded.StartAsync();
        guarded.Server.Answer = (context, _) =>
        {
            context.Response.ContentType = type;
            return context.Response.WriteAsync(isStream ? $"data: {List}\n\n" : List);
        };

        using HttpResponseMessage response = await guarded.SendAsync(AskList);

        Assert.Equal(isStream ? "text/event-stream" : "application/json", response.Content.Headers.ContentType?.ToString());
        Assert.Equal(isStream ? $"data: {Shown}\n\n" : Shown, await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData(null, 200)]
    [InlineData("", 200)]
    [InlineData("text/html", 200)]
    [InlineData("text/event-streams", 200)]
    [InlineData("application/x+json", 200)]
    [InlineData("application/json; charset=utf-8", 200)]
    [InlineData("text/html", 400)]
    [InlineData("application/json", 500)]
    public async Task What_is_of_another_type_goes_to_nobody(string? type, int status)
    {
        await using Guarded guarded = await Guarded.StartAsync();
        guarded.Server.Answer = (context, _) =>
        {
            context.Response.Headers["Mcp-Session-Id"] = "s";
            return RecordingServer.JsonAsync(context, """{"jsonrpc":"2.0","id":0,"result":{}}""");
        };
        string session = await SessionTests.BeginAsync(guarded);
        const string Events = $"data: {List}\n\n";
        guarded.Server.Answer = (context, _) =>
        {
            (context.Response.StatusCode, context.Response.ContentType) = (status, type);
            return context.Response.WriteAsync(Events);
        };

        (int asked, string answer) = await guarded.PostAsync(AskList, ("Mcp-Session-Id", session));
        (int told, string nothing) = await guarded.PostAsync(
            """{"jsonrpc":"2.0","method":"notifications/initialized"}""", ("Mcp-Session-Id", session));
        using HttpRequestMessage get = Guarded.Request(HttpMethod.Get, null, ("Mcp-Session-Id", session));
        using HttpResponseMessage got = await guarded.Client.SendAsync(get);

        int refused = status == 200 ? 502 : status;
        Assert.Equal((refused, status == 200 ? 202 : status, refused), (asked, told, (int)got.StatusCode));
        Assert.StartsWith("""{"jsonrpc":"2.0","id":1,"error":{"code":-32603""", answer);
        Assert.DoesNotContain("secret", answer, StringComparison.Ordinal);
        Assert.Equal(("", ""), (nothing, await got.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task An_error_that_is_an_event_goes_on_with_its_status()
    {
        const string Events = "data: {\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32601,\"message\":\"none\"}}\n\n";
        await using Guarded guarded = await Guarded.StartAsync();
        guarded.Server.Answer = (context, _) =>
        {
            (context.Response.StatusCode, context.Response.ContentType) = (404, "text/event-stream");
            return context.Response.WriteAsync(Events);
        };

        Assert.Equal((404, Events), await guarded.PostAsync(AskList));
    }

    [Theory]
    [InlineData(202)]
    [InlineData(204)]
    [InlineData(205)]
    [InlineData(304)]
    public async Task A_request_that_gets_no_answer_is_answered(int status)
    {
        await using Guarded guarded = await Guarded.StartAsync();
        guarded.Server.Answer = (context, _) =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        };

        (int actual, string text) = await guarded.PostAsync(Guarded.Call("echo"));

        Assert.Equal(502, actual);
        Assert.StartsWith("""{"jsonrpc":"2.0","id":1,"error":{"code":-32603""", text);
    }

    [Fact]
    public async Task An_answer_that_is_shorter_than_it_says_is_an_error()
    {
        await using Guarded guarded = await Guarded.StartAsync();
        guarded.Server.Answer = async (context, _) =>
        {
            context.Response.ContentLength = 1000;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(RecordingServer.Result);
            await context.Response.Body.FlushAsync();
            context.Abort();
        };

        (int status, string text) = await guarded.PostAsync(Guarded.Call("echo"));

        Assert.Equal(502, status);
        Assert.StartsWith("""{"jsonrpc":"2.0","id":1,"error":{"code":-32603""", text);
    }

    [Fact]
    public async Task A_call_that_never_reached_the_server_costs_nothing()
    {
        await using Guarded gone = await Guarded.StartAsync(upstream: new Uri("http://127.0.0.1:1/"));
        (int status, string first) = await gone.PostAsync(Guarded.Call("once"));
        (_, string second) = await gone.PostAsync(Guarded.Call("once"));

        await using Guarded broken = await Guarded.StartAsync();
        broken.Server.Answer = (context, _) =>
        {
            context.Abort();
            return Task.CompletedTask;
        };
        (int brokenStatus, _) = await broken.PostAsync(Guarded.Call("once"));
        (_, string third) = await broken.PostAsync(Guarded.Call("once"));

        Assert.Equal((502, 502), (status, brokenStatus));
        Assert.StartsWith("""{"jsonrpc":"2.0","id":1,"error":{"code":-32603""", first);
        Assert.Equal(first, second);
        Assert.Contains("limit_exceeded", third, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_call_that_takes_too_long_is_answered_and_cancelled(bool isStream)
    {
        await using Guarded guarded = await Guarded.StartAsync(options => options.Guard.CallTimeout = TimeSpan.FromSeconds(5));
        var arrived = new TaskCompletionSource();
        var aborted = new TaskCompletionSource();
        guarded.Server.Answer = async (context, _) =>
        {
            context.RequestAborted.Register(aborted.SetResult);
            if (isStream)
            {
                await RecordingServer.EventsAsync(context, ": wait\n\n");
            }

            arrived.SetResult();
            await aborted.Task;
        };

        Task<(int Status, string Text)> call = guarded.PostAsync(Guarded.Call("once"));
        await arrived.Task;
        Assert.False(call.IsCompleted);
        guarded.Clock.Advance(TimeSpan.FromSeconds(5));
        (int status, string text) = await call;
        await aborted.Task;

        Assert.Equal(200, status);
        Assert.EndsWith(
            """{"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"The call took too long."}}""", text.TrimEnd('\n'));
        Assert.Contains("limit_exceeded", (await guarded.PostAsync(Guarded.Call("once"))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_goes_cancels_its_request_at_the_server()
    {
        await using Guarded guarded = await Guarded.StartAsync();
        var arrived = new TaskCompletionSource();
        var aborted = new TaskCompletionSource();
        guarded.Server.Answer = async (context, _) =>
        {
            context.RequestAborted.Register(aborted.SetResult);
            await RecordingServer.EventsAsync(context, ": wait\n\n");
            arrived.SetResult();
            await aborted.Task;
        };

        HttpResponseMessage response = await guarded.SendAsync(Guarded.Call("echo"));
        await arrived.Task;
        Assert.False(aborted.Task.IsCompleted);
        response.Dispose();

        await aborted.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.True(aborted.Task.IsCompletedSuccessfully);
    }
}
