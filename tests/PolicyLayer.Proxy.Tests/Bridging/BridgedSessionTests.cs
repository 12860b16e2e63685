using System.Net;
using Microsoft.Extensions.Time.Testing;
using PolicyLayer.Proxy;
using PolicyLayer.Tests.Proxy.Http;

namespace PolicyLayer.Tests.Proxy.Bridging;

/// <summary>Sessions over HTTP before a server that is a process: each has one for itself.</summary>
public sealed class BridgedSessionTests
{
    [Fact]
    public async Task A_session_begins_with_a_server_of_its_own_and_ends_with_it()
    {
        await using Bridged bridged = await Bridged.StartAsync();

        string one = await bridged.OpenAsync();
        string two = await bridged.OpenAsync();
        Assert.Equal((2, true), (bridged.Started.Length, one != two && one.Length == 32));
        Assert.Equal(
            (200, """{"jsonrpc":"2.0","id":"x","result":{"content":[{"type":"text","text":"echo"}],"structuredContent":{"a":1}}}"""),
            await bridged.PostAsync(Bridged.Call("echo", "\"x\"", """{"a":1}"""), session: one));

        using HttpResponseMessage ended = await bridged.DeleteAsync(one);
        Assert.Equal(HttpStatusCode.OK, ended.StatusCode);
        Assert.False(Bridged.IsRunning(bridged.Started[0]));
        Assert.True(Bridged.IsRunning(bridged.Started[1]));
        Assert.Equal(404, (await bridged.PostAsync(Bridged.Call("echo"), session: one)).Status);
        Assert.Equal(200, (await bridged.PostAsync(Bridged.Call("echo"), session: two)).Status);
    }

    [Fact]
    public async Task A_session_is_its_grants_alone()
    {
        using var log = new LogLines();
        await using Bridged bridged = await Bridged.StartAsync(options => options.Guard.LoggerFactory = log);
        string session = await bridged.OpenAsync("a");

        Assert.Equal(404, (await bridged.PostAsync(Bridged.Call("echo"), "b", session)).Status);
        Assert.Equal(["A caller of the grant b was refused: it named a session that another caller has"], log.Of("ForeignSession"));
        using HttpResponseMessage ended = await bridged.DeleteAsync(session, "b");
        Assert.Equal(HttpStatusCode.NotFound, ended.StatusCode);
        Assert.Equal(200, (await bridged.PostAsync(Bridged.Call("echo"), "a", session)).Status);
    }

    [Fact]
    public async Task A_quota_for_each_session_is_no_other_sessions()
    {
        await using Bridged bridged = await Bridged.StartAsync();
        string one = await bridged.OpenAsync();
        string two = await bridged.OpenAsync();

        foreach (string session in (string[])[one, two])
        {
            Assert.DoesNotContain("policylayer/denial", (await bridged.PostAsync(Bridged.Call("session_once"), session: session)).Text);
            Assert.Contains("policylayer/denial", (await bridged.PostAsync(Bridged.Call("session_once"), session: session)).Text);
        }
    }

    [Fact]
    public async Task Without_session_and_revision_nothing_is_started()
    {
        await using Bridged bridged = await Bridged.StartAsync();

        (int status, string text) = await bridged.PostAsync(Bridged.Call("echo", "7"));

        Assert.Equal(400, status);
        Assert.StartsWith("""{"jsonrpc":"2.0","id":7,"error":{"code":-32600,""", text);
        Assert.Equal(404, (await bridged.PostAsync(Bridged.Call("echo"), session: "00000000000000000000000000000000")).Status);
        Assert.Empty(bridged.Started);
    }

    [Fact]
    public async Task A_forbidden_call_reaches_no_server_and_a_body_of_many_lines_is_one()
    {
        await using Bridged bridged = await Bridged.StartAsync();
        string session = await bridged.OpenAsync();

        (_, string denied) = await bridged.PostAsync(Bridged.Call("secret", "1"), session: session);
        (_, string text) = await bridged.PostAsync(
            "\r\n{\"jsonrpc\":\"2.0\",\n\"id\" : 1,\"method\":\"tools/call\",\r\n\"params\":{\"name\":\"echo\",\n\"é\":1e2}}\n",
            session: session);

        Assert.Contains("policylayer/denial", denied);
        Assert.StartsWith("""{"jsonrpc":"2.0","id":1,"result":""", text);
        Assert.Equal(
            "  {\"jsonrpc\":\"2.0\", \"id\" : 2,\"method\":\"tools/call\",  \"params\":{\"name\":\"echo\", \"é\":1e2}} ",
            bridged.Recorded[^1]);
        Assert.Equal(3, bridged.Recorded.Length);
    }

    [Fact]
    public async Task One_server_more_than_may_run_is_refused_until_another_has_ended()
    {
        await using Bridged bridged = await Bridged.StartAsync(options => options.MaxChildren = 2);
        string session = await bridged.OpenAsync();
        await bridged.OpenAsync("b");

        Assert.Equal(
            (503, """{"jsonrpc":"2.0","id":0,"error":{"code":-32603,"message":"Too many servers run."}}"""),
            await bridged.PostAsync(Bridged.Initialize));
        Assert.Equal(503, (await bridged.PostAsync(Bridged.StatelessCall("echo"))).Status);
        using HttpResponseMessage ended = await bridged.DeleteAsync(session);
        await bridged.OpenAsync();
        Assert.Equal(3, bridged.Started.Length);
    }

    [Fact]
    public async Task By_default_sixteen_servers_run()
    {
        await using Bridged bridged = await Bridged.StartAsync();
        for (int i = 0; i < 16; i++)
        {
            await bridged.OpenAsync();
        }

        Assert.Equal(503, (await bridged.PostAsync(Bridged.Initialize)).Status);
    }

    [Fact]
    public async Task What_the_server_asks_and_tells_goes_to_its_own_session_and_comes_back()
    {
        await using Bridged bridged = await Bridged.StartAsync();
        string one = await bridged.OpenAsync();
        string two = await bridged.OpenAsync();
        using Events ofOne = await bridged.ListenAsync(one);
        using Events ofTwo = await bridged.ListenAsync(two);

        await bridged.PostAsync(Bridged.Call("ask"), session: two);
        await bridged.PostAsync(Bridged.Call("news"), session: one);

        Assert.Equal("""{"jsonrpc":"2.0","id":0,"method":"roots/list"}""", await ofTwo.NextAsync());
        Assert.Equal(
            """{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"news"}}""", await ofOne.NextAsync());
        Assert.Equal("""{"jsonrpc":"2.0","id":77,"method":"roots/list"}""", await ofOne.NextAsync());
        Assert.Equal(202, (await bridged.PostAsync("""{"jsonrpc":"2.0","id":0,"result":{"roots":[]}}""", session: two)).Status);
        Assert.Equal(
            """{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":{"roots":[]}}}""",
            await ofTwo.NextAsync());
    }

    [Fact]
    public async Task Without_a_stream_of_its_own_a_session_is_told_on_that_of_a_request()
    {
        await using Bridged bridged = await Bridged.StartAsync();
        string session = await bridged.OpenAsync();

        using Events events = await bridged.StreamAsync(Bridged.Call("ask", "5"), session: session);

        Assert.Equal("""{"jsonrpc":"2.0","id":0,"method":"roots/list"}""", await events.NextAsync());
        Assert.Equal("""{"jsonrpc":"2.0","id":5,"result":{"content":[]}}""", await events.NextAsync());
        Assert.Null(await events.NextAsync());
    }

    [Fact]
    public async Task A_request_is_cancelled_under_the_id_that_its_server_knows()
    {
        await using Bridged bridged = await Bridged.StartAsync();
        string session = await bridged.OpenAsync();
        Task<(int Status, string Text)> slow = bridged.PostAsync(Bridged.Call("slow", "\"mine\""), session: session);
        await Bridged.UntilAsync(() => bridged.Recorded.Length == 3);

        string cancel = """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":ID,"reason":"r"}}""";
        await bridged.PostAsync(cancel.Replace("ID", "2", StringComparison.Ordinal), session: session);
        await bridged.PostAsync(cancel.Replace("ID", "\"mine\"", StringComparison.Ordinal), session: session);

        Assert.Equal((202, ""), await slow);
        await Bridged.UntilAsync(() => bridged.Recorded.Length == 4);
        Assert.Equal(cancel.Replace("ID", "2", StringComparison.Ordinal), bridged.Recorded[^1]);
    }

    [Fact]
    public async Task Progress_goes_to_the_stream_of_its_request_before_the_answer()
    {
        await using Bridged bridged = await Bridged.StartAsync();
        string session = await bridged.OpenAsync();
        using Events news = await bridged.ListenAsync(session);
        Task<HttpResponseMessage> slow = bridged.SendAsync(Bridged.Call("slow", "1", """{"n":1}""", "\"t\""), session: session);
        await Bridged.UntilAsync(() => bridged.Recorded.Length == 3);

        await bridged.PostAsync(Bridged.Call("release", "2"), session: session);

        using Events events = await Events.OfAsync(await slow);
        Assert.Equal(
            """{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"t","progress":1,"message":{"n":1}}}""",
            await events.NextAsync());
        Assert.StartsWith("""{"jsonrpc":"2.0","id":1,"result":""", await events.NextAsync());
    }

    [Fact]
    public async Task A_server_that_ended_is_started_again_with_its_session()
    {
        await using Bridged bridged = await Bridged.StartAsync();
        string session = await bridged.OpenAsync();
        Task<(int Status, string Text)> slow = bridged.PostAsync(Bridged.Call("slow", "1"), session: session);
        await Bridged.UntilAsync(() => bridged.Recorded.Length == 3);

        (int status, string text) = await bridged.PostAsync(Bridged.Call("crash", "2"), session: session);

        Assert.Equal((200, """{"jsonrpc":"2.0","id":2,"error":{"code":-32603,"message":"The server ended."}}"""), (status, text));
        Assert.Equal((200, """{"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"The server ended."}}"""), await slow);
        Assert.StartsWith("""{"jsonrpc":"2.0","id":1,"result":""", (await bridged.PostAsync(Bridged.Call("echo"), session: session)).Text);
        Assert.Equal(2, bridged.Started.Length);
        Assert.Equal(
            ["initialize", "notifications/initialized", "tools/call"],
            bridged.Recorded[^3..].Select(line => line.Split("\"method\":\"")[1].Split('"')[0]));
    }

    [Fact]
    public async Task A_session_of_a_server_that_never_answers_ends_with_it()
    {
        await using Bridged bridged = await Bridged.StartAsync(mode: "silent");

        (int status, string text) = await bridged.PostAsync(Bridged.Initialize);

        Assert.StartsWith("""{"jsonrpc":"2.0","id":0,"error":{"code":-32603,""", text);
        Assert.InRange(status, 200, 502);
        await Bridged.UntilAsync(() => !bridged.Started.Any(Bridged.IsRunning));
    }

    [Fact]
    public async Task A_command_that_can_not_be_started_is_said_and_holds_no_place()
    {
        await using HttpProxy proxy = await HttpProxy.StartAsync(
            new ToolCallAuthorizer(Policy.Parse("""{"version":"1","default":"allow"}""")),
            new UpstreamCommand("no-such-program-anywhere"),
            new HttpProxyOptions { MaxChildren = 1, Guard = { GrantId = "g" } },
            CancellationToken.None);
        using var client = new HttpClient { BaseAddress = proxy.Address };

        for (int i = 0; i < 2; i++)
        {
            using var body = new StringContent(Bridged.Initialize, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));
            using HttpResponseMessage response = await client.PostAsync("", body);
            Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
            Assert.Equal(
                """{"jsonrpc":"2.0","id":0,"error":{"code":-32603,"message":"The server can\u0027t be started."}}""",
                await response.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task What_nobody_uses_for_ten_minutes_ends_and_a_stream_is_a_use()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(60));
        await using Bridged bridged = await Bridged.StartAsync(options => options.Guard.TimeProvider = clock);
        string idle = await bridged.OpenAsync();
        string used = await bridged.OpenAsync();
        await bridged.PostAsync(Bridged.StatelessCall("echo"));
        using Events news = await bridged.ListenAsync(used);

        clock.Advance(TimeSpan.FromMinutes(9.5));
        Assert.All(bridged.Started, process => Assert.True(Bridged.IsRunning(process)));
        clock.Advance(TimeSpan.FromMinutes(1));

        await Bridged.UntilAsync(() => bridged.Started.Count(Bridged.IsRunning) == 1);
        Assert.True(Bridged.IsRunning(bridged.Started[1]));
        Assert.Equal(404, (await bridged.PostAsync(Bridged.Call("echo"), session: idle)).Status);
    }

    [Fact]
    public async Task A_call_that_takes_too_long_is_answered_and_cancelled()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(60));
        await using Bridged bridged = await Bridged.StartAsync(options =>
        {
            options.Guard.TimeProvider = clock;
            options.Guard.CallTimeout = TimeSpan.FromSeconds(5);
        });
        string session = await bridged.OpenAsync();
        Task<(int Status, string Text)> slow = bridged.PostAsync(Bridged.Call("slow", "9"), session: session);
        await Bridged.UntilAsync(() =>
        {
            clock.Advance(TimeSpan.FromSeconds(bridged.Recorded.Length == 3 ? 1 : 0));
            return slow.IsCompleted;
        });

        Assert.Equal((200, """{"jsonrpc":"2.0","id":9,"error":{"code":-32603,"message":"The call took too long."}}"""), await slow);
        await Bridged.UntilAsync(() => bridged.Recorded.Length == 4);
        Assert.Contains("\"requestId\":2,", bridged.Recorded[^1]);
    }
}
