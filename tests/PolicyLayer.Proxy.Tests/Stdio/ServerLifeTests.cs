using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using PolicyLayer.Proxy;

namespace PolicyLayer.Tests.Proxy.Stdio;

/// <summary>A server's starts and ends, and what becomes of calls meanwhile.</summary>
public sealed class ServerLifeTests
{
    private const string Ended = """{"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"The server ended."}}""";

    [Fact]
    public async Task A_server_that_ends_is_started_again_with_the_clients_session()
    {
        await using var run = new ProxyRun();
        await run.InitializeAsync();
        string lost = await run.AskAsync(ProxyRun.Call("1", "crash"));
        string next = await run.AskAsync(ProxyRun.Call("2", "echo"));

        Assert.Equal(Ended, lost);
        Assert.Contains("\"id\":2,\"result\"", next);
        Assert.Equal(2, run.Started.Length);
        Assert.Equal(
            [
                ProxyRun.Initialize("0"),
                """{"jsonrpc":"2.0","method":"notifications/initialized"}""",
                ProxyRun.Call("1", "crash"),
                ProxyRun.Initialize("\"policylayer-initialize-2\""),
                """{"jsonrpc":"2.0","method":"notifications/initialized"}""",
                ProxyRun.Call("2", "echo"),
            ],
            run.Recorded);
    }

    [Fact]
    public async Task A_stateless_client_has_nothing_repeated()
    {
        await using var run = new ProxyRun();
        await run.AskAsync(ProxyRun.Call("1", "crash"));
        await run.AskAsync(ProxyRun.Call("2", "echo"));

        Assert.Equal([ProxyRun.Call("1", "crash"), ProxyRun.Call("2", "echo")], run.Recorded);
    }

    [Fact]
    public async Task A_limit_holds_over_a_restart()
    {
        await using var run = new ProxyRun();
        List<string> answers = [];
        foreach (int round in Enumerable.Range(0, 3))
        {
            answers.Add(await run.AskAsync(ProxyRun.Call("\"a\"", "thrice")));
            answers.Add(await run.AskAsync(ProxyRun.Call("\"b\"", "thrice")));
            await run.AskAsync(ProxyRun.Call("1", "crash"));
        }

        Assert.Equal(3, answers.Count(answer => answer.Contains("\"text\":\"echo\"", StringComparison.Ordinal)));
        Assert.Equal(3, run.Recorded.Count(line => line.Contains("thrice", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_server_that_never_answers_anything_is_given_up()
    {
        var time = new FakeTimeProvider();
        await using var run = new ProxyRun("silent", options => options.TimeProvider = time);
        await DriveAsync(time, run.Result);

        Assert.False(await run.Result);
        Assert.Equal(5, run.Started.Length);
        Assert.Contains("ServerGone: ", run.Log);
    }

    [Fact]
    public async Task A_server_that_can_not_be_started_is_said_by_its_name_alone()
    {
        await using var run = new ProxyRun(upstream: new UpstreamCommand("no-such-program-of-ours", ["geheim"]));
        UpstreamException e = await Assert.ThrowsAsync<UpstreamException>(() => run.Result);

        Assert.Contains("`no-such-program-of-ours`", e.Message);
        Assert.DoesNotContain("geheim", e.ToString());
    }

    [Fact]
    public async Task A_cancelled_run_answers_what_is_in_flight()
    {
        await using var run = new ProxyRun();
        await run.SendAsync(ProxyRun.Call("1", "slow"));
        await ProxyRun.UntilAsync(() => run.Recorded.Length == 1);

        Assert.True(await run.StopAsync());
        Assert.Equal("""{"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"The proxy is being stopped."}}""", await run.ReadAsync());
    }

    [Theory]
    [InlineData("deaf")]
    [InlineData("parent")]
    public async Task A_server_that_heeds_nothing_is_ended_within_5_seconds(string mode)
    {
        await using var run = new ProxyRun(mode);
        await run.AskAsync(ProxyRun.Call("1", "echo"));
        int[] processes = run.Started;
        long start = Stopwatch.GetTimestamp();
        await run.StopAsync();

        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(5), "It took longer.");
        Assert.Equal(mode == "deaf" ? 1 : 2, processes.Length);
        Assert.DoesNotContain(processes, ProxyRun.IsRunning);
    }

    [Fact]
    public async Task A_run_that_was_cancelled_before_starts_no_server()
    {
        var authorizer = new ToolCallAuthorizer(Policy.Parse("{ \"version\": \"1\", \"name\": \"p\", \"default\": \"deny\" }"));
        var proxy = new StdioProxy(authorizer, new UpstreamCommand("no-such-program-of-ours"));

        Assert.True(await proxy.RunAsync(Stream.Null, Stream.Null, new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task A_killed_run_starts_no_server()
    {
        var authorizer = new ToolCallAuthorizer(Policy.Parse("{ \"version\": \"1\", \"name\": \"p\", \"default\": \"deny\" }"));
        var proxy = new StdioProxy(authorizer, new UpstreamCommand("no-such-program-of-ours"));
        proxy.Kill();

        Assert.True(await proxy.RunAsync(Stream.Null, Stream.Null));
    }

    [Theory]
    [InlineData("deaf")]
    [InlineData("parent")]
    public async Task A_kill_ends_the_server_and_all_below_it(string mode)
    {
        await using var run = new ProxyRun(mode);
        await run.AskAsync(ProxyRun.Call("1", "echo"));
        int[] processes = run.Started;
        run.Kill();
        await ProxyRun.UntilAsync(() => !processes.Any(ProxyRun.IsRunning));

        Assert.True(await run.Result.WaitAsync(TimeSpan.FromSeconds(60)));
        Assert.Equal(processes, run.Started);
    }

    [Fact]
    public async Task A_server_that_crashes_leaves_nothing_that_it_started()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        await using var run = new ProxyRun("parent");
        await run.AskAsync(ProxyRun.Call("1", "echo"));
        int[] first = run.Started;
        await run.AskAsync(ProxyRun.Call("2", "crash"));
        await run.AskAsync(ProxyRun.Call("3", "echo"));

        Assert.Equal(2, first.Length);
        Assert.DoesNotContain(first, ProxyRun.IsRunning);
    }

    [Fact]
    public async Task A_client_that_closed_its_side_still_gets_its_answers()
    {
        await using var run = new ProxyRun();
        await run.SendAsync(ProxyRun.Call("1", "echo"));
        Assert.True(await run.CloseAsync());

        Assert.Contains("\"id\":1,\"result\"", await run.ReadAsync());
    }

    /// <summary>After one start again the next has to wait, here for ever: whenever the kill comes, no other process follows.</summary>
    [Fact]
    public async Task A_server_that_crashes_behind_a_client_that_closed_its_side_has_ended_for_good()
    {
        await using var run = new ProxyRun("deaf", options => options.TimeProvider = new FakeTimeProvider());
        await run.AskAsync(ProxyRun.Call("1", "crash"));
        await run.SendAsync(ProxyRun.Call("1", "slow"));
        await ProxyRun.UntilAsync(() => run.Recorded.Length == 2);
        Task<bool> closing = run.CloseAsync();
        using (var server = Process.GetProcessById(run.Started[1]))
        {
            server.Kill();
        }

        Assert.False(await closing);
        Assert.Equal(Ended, await run.ReadAsync());
    }

    [Fact]
    public async Task A_server_that_ends_as_it_was_told_has_not_failed()
    {
        await using var run = new ProxyRun();
        await run.SendAsync(ProxyRun.Call("1", "slow"));

        Assert.True(await run.CloseAsync());
        Assert.Equal(Ended, await run.ReadAsync());
    }

    [Fact]
    public async Task A_client_that_reads_no_more_ends_the_run()
    {
        await using var run = new ProxyRun();
        await run.AskAsync(ProxyRun.Call("1", "echo"));
        run.CloseOutput();
        await run.SendAsync(ProxyRun.Call("2", "echo"));

        Assert.True(await run.Result.WaitAsync(TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public async Task A_call_that_takes_too_long_is_cancelled_on_both_sides()
    {
        var time = new FakeTimeProvider();
        await using var run = new ProxyRun(
            configure: options => (options.TimeProvider, options.CallTimeout) = (time, TimeSpan.FromSeconds(30)));
        await run.SendAsync(ProxyRun.Call("1", "slow"));
        await ProxyRun.UntilAsync(() => run.Recorded.Length == 1);
        time.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal("""{"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"The call took too long."}}""", await run.ReadAsync());
        await ProxyRun.UntilAsync(() => run.Recorded.Length == 2);
        Assert.Equal(
            """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1,"reason":"The call took too long."}}""",
            run.Recorded[1]);
    }

    [Fact]
    public async Task A_cancellation_of_the_clients_goes_on()
    {
        const string Cancelled = """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}""";
        await using var run = new ProxyRun();
        await run.SendAsync(ProxyRun.Call("1", "slow"));
        await run.SendAsync(Cancelled);

        // Its own id is taken until the server has answered, late as it is.
        string answer = await run.AskAsync(ProxyRun.Call("2", "echo"));

        Assert.Contains("\"id\":2,\"result\"", answer);
        Assert.Equal([ProxyRun.Call("1", "slow"), Cancelled, ProxyRun.Call("2", "echo")], run.Recorded);
    }

    [Fact]
    public async Task A_reload_is_told_to_the_client()
    {
        await using var run = new ProxyRun();
        await run.InitializeAsync();
        await run.AskAsync(ProxyRun.Call("1", "echo"));
        await run.Authorizer.ReloadAsync(
            new PolicyBundle([Policy.Parse("""{ "version": "1", "name": "p", "default": "deny", "tools": { "slow": {} } }""")]));

        Assert.Equal("""{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}""", await run.ReadAsync());
        Assert.Contains("[POLICY DENIED]", await run.AskAsync(ProxyRun.Call("2", "echo")));
    }

    [Fact]
    public async Task A_reload_is_told_to_each_subscription_which_a_restart_ends()
    {
        await using var run = new ProxyRun();
        string acknowledged = await run.AskAsync(
            """{"jsonrpc":"2.0","id":"s","method":"subscriptions/listen","params":{"notifications":{"toolsListChanged":true}}}""");
        await run.Authorizer.ReloadAsync(
            new PolicyBundle([Policy.Parse("""{ "version": "1", "name": "p", "default": "deny", "tools": { "crash": {} } }""")]));
        string told = await run.ReadAsync();
        await run.SendAsync(ProxyRun.Call("1", "crash"));
        string[] ended = [await run.ReadAsync(), await run.ReadAsync()];

        Assert.Contains("subscriptions/acknowledged", acknowledged);
        Assert.Equal(
            """{"jsonrpc":"2.0","method":"notifications/tools/list_changed","params":"""
            + """{"_meta":{"io.modelcontextprotocol/subscriptionId":"s"}}}""",
            told);
        Assert.Equal([Ended.Replace("1,", "\"s\",", StringComparison.Ordinal), Ended], ended.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_server_that_was_started_again_gets_no_answer_that_is_for_the_one_before()
    {
        await using var run = new ProxyRun();
        await run.SendAsync(ProxyRun.Call("1", "ask"));
        string[] first = [await run.ReadAsync(), await run.ReadAsync()];
        await run.AskAsync(ProxyRun.Call("1", "crash"));
        await run.SendAsync("""{"jsonrpc":"2.0","id":0,"result":{"roots":["of the first"]}}""");
        await run.SendAsync(ProxyRun.Call("2", "ask"));
        string[] second = [await run.ReadAsync(), await run.ReadAsync()];
        string told = await run.AskAsync("""{"jsonrpc":"2.0","id":"policylayer-1","result":{"roots":[]}}""");

        Assert.Contains("\"id\":0,\"method\"", first[0]);
        Assert.Contains("\"id\":\"policylayer-1\",\"method\"", second[0]);
        Assert.Contains("""{"level":"info","data":{"roots":[]}}""", told);
        Assert.DoesNotContain(run.Recorded, line => line.Contains("of the first", StringComparison.Ordinal));
    }

    /// <summary>Lets time pass as long as somebody waits for it.</summary>
    private static async Task DriveAsync(FakeTimeProvider time, Task end)
    {
        while (!end.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.WhenAny(end, Task.Delay(5));
        }
    }
}
