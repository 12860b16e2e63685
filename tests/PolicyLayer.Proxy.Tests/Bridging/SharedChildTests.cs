namespace PolicyLayer.Tests.Proxy.Bridging;

/// <summary>Callers without sessions before a server that is a process: those of one grant share it, and nothing of what it says.</summary>
public sealed class SharedChildTests
{
    [Fact]
    public async Task Each_grant_has_one_server()
    {
        await using Bridged bridged = await Bridged.StartAsync();

        for (int i = 0; i < 3; i++)
        {
            const string Said = """[{"type":"text","text":"echo"}]""";
            Assert.Equal(
                (200, $$$$"""{"jsonrpc":"2.0","id":1,"result":{"resultType":"complete","content":{{{{Said}}}},"structuredContent":{}}}"""),
                await bridged.PostAsync(Bridged.StatelessCall("echo")));
        }

        await bridged.PostAsync(Bridged.StatelessCall("echo"), "b");

        Assert.Equal(2, bridged.Started.Length);
    }

    [Fact]
    public async Task Answers_and_progress_of_the_same_ids_and_tokens_never_cross()
    {
        await using Bridged bridged = await Bridged.StartAsync();
        await bridged.PostAsync(Bridged.StatelessCall("echo"), "a");
        await bridged.PostAsync(Bridged.StatelessCall("echo"), "b");
        var calls = new List<(string Who, Task<HttpResponseMessage> Answer)>();
        foreach (string grant in (string[])["a", "b"])
        {
            foreach (int n in (int[])[1, 2, 3])
            {
                string who = $$"""{"who":"{{grant}}{{n}}"}""";
                calls.Add((who, bridged.SendAsync(Bridged.StatelessCall("slow", "1", who, "1"), grant)));
                await Bridged.UntilAsync(() => bridged.Recorded.Length == 2 + calls.Count);
            }
        }

        await bridged.PostAsync(Bridged.StatelessCall("release", "1"), "b");
        await bridged.PostAsync(Bridged.StatelessCall("release", "1"), "a");

        foreach ((string who, Task<HttpResponseMessage> answer) in calls)
        {
            using Events events = await Events.OfAsync(await answer);
            Assert.Equal(
                $$$"""{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1,"progress":1,"message":{{{who}}}}}""",
                await events.NextAsync());
            Assert.Equal(
                $$$"""{"jsonrpc":"2.0","id":1,"result":{"resultType":"complete","content":[],"structuredContent":{{{who}}}}}""",
                await events.NextAsync());
            Assert.Null(await events.NextAsync());
        }
    }

    [Fact]
    public async Task News_go_to_their_subscription_under_its_own_id_and_what_is_nobodys_to_nobody()
    {
        await using Bridged bridged = await Bridged.StartAsync();
        const string Wanted = "\"notifications\":{\"toolsListChanged\":true},";
        using Events one = await bridged.StreamAsync(Bridged.Stateless("subscriptions/listen", "\"listen:0\"", Wanted));
        using Events two = await bridged.StreamAsync(Bridged.Stateless("subscriptions/listen", "\"listen:0\"", Wanted));
        foreach (Events events in (Events[])[one, two])
        {
            Assert.Contains("\"io.modelcontextprotocol/subscriptionId\":\"listen:0\"", await events.NextAsync());
        }

        (int status, string text) = await bridged.PostAsync(Bridged.StatelessCall("news", "3"));

        Assert.Equal((200, """{"jsonrpc":"2.0","id":3,"result":{"content":[]}}"""), (status, text));
        foreach (Events events in (Events[])[one, two])
        {
            const string Meta = """{"io.modelcontextprotocol/subscriptionId":"listen:0"}""";
            Assert.Equal(
                $$$"""{"jsonrpc":"2.0","method":"notifications/tools/list_changed","params":{"_meta":{{{Meta}}}}}""",
                await events.NextAsync());
        }

        // What the server asked was answered by the proxy.
        const string Refusal = """{"jsonrpc":"2.0","id":77,"error":{"code":-32601,""";
        await Bridged.UntilAsync(() => bridged.Recorded.Any(line => line.StartsWith(Refusal, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Who_goes_has_cancelled_what_it_asked_for()
    {
        await using Bridged bridged = await Bridged.StartAsync();
        await bridged.PostAsync(Bridged.StatelessCall("echo"));
        using var gone = new CancellationTokenSource();
        Task<HttpResponseMessage> slow = bridged.SendAsync(Bridged.StatelessCall("slow", "1"), cancellationToken: gone.Token);
        await Bridged.UntilAsync(() => bridged.Recorded.Length == 2);

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => slow);
        await Bridged.UntilAsync(() => bridged.Recorded.Length == 3);
        Assert.StartsWith(
            """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":2,""", bridged.Recorded[^1]);
    }

    [Theory]
    [InlineData("initialize")]
    [InlineData("logging/setLevel")]
    [InlineData("resources/subscribe")]
    public async Task Nobody_says_anything_for_all_callers(string method)
    {
        await using Bridged bridged = await Bridged.StartAsync();

        (int status, string text) = await bridged.PostAsync(Bridged.Stateless(method, "4"));

        Assert.Equal(404, status);
        Assert.StartsWith("""{"jsonrpc":"2.0","id":4,"error":{"code":-32601,""", text);
        Assert.Empty(bridged.Started);
    }

    [Fact]
    public async Task Nobody_cancels_what_another_asked_for()
    {
        await using Bridged bridged = await Bridged.StartAsync();
        Task<(int Status, string Text)> slow = bridged.PostAsync(Bridged.StatelessCall("slow", "1", """{"n":1}"""));
        await Bridged.UntilAsync(() => bridged.Recorded.Length == 1);

        const string Meta = """{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}""";
        (int status, _) = await bridged.PostAsync(
            $$$"""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1,"_meta":{{{Meta}}}}}""");
        await bridged.PostAsync(Bridged.StatelessCall("release", "1"));

        Assert.Equal(202, status);
        Assert.Equal(
            """{"jsonrpc":"2.0","id":1,"result":{"resultType":"complete","content":[],"structuredContent":{"n":1}}}""", (await slow).Text);
    }

    [Fact]
    public async Task A_token_that_two_readers_read_differently_is_refused()
    {
        await using Bridged bridged = await Bridged.StartAsync();

        (int status, _) = await bridged.PostAsync(
            Bridged.Stateless("tools/call", "1", "\"name\":\"echo\",\"arguments\":{},", ",\"ProgressToken\":1"));

        Assert.Equal(400, status);
        Assert.Empty(bridged.Started);
    }

    [Fact]
    public async Task A_quota_of_a_call_that_may_have_run_is_spent_when_the_server_ends()
    {
        await using Bridged bridged = await Bridged.StartAsync();
        Task<(int Status, string Text)> slow = bridged.PostAsync(Bridged.StatelessCall("slow_once", "1"));
        await Bridged.UntilAsync(() => bridged.Recorded.Length == 1);

        (_, string crashed) = await bridged.PostAsync(Bridged.StatelessCall("crash", "1"));

        Assert.Equal("""{"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"The server ended."}}""", crashed);
        Assert.Equal(crashed, (await slow).Text);
        Assert.Contains("policylayer/denial", (await bridged.PostAsync(Bridged.StatelessCall("slow_once", "1"))).Text);
        Assert.DoesNotContain("policylayer/denial", (await bridged.PostAsync(Bridged.StatelessCall("once", "1"))).Text);
        Assert.Equal(2, bridged.Started.Length);
    }
}
