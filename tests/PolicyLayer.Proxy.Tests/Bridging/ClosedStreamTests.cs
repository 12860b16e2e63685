namespace PolicyLayer.Tests.Proxy.Bridging;

/// <summary>Streams that clients close, and come back for: what the bridge keeps, and what not.</summary>
public sealed class ClosedStreamTests
{
    private const string News = """{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"news"}}""";

    [Fact]
    public async Task What_nobody_read_comes_with_the_next_stream_whatever_event_it_names()
    {
        await using Bridged bridged = await Bridged.StartAsync();
        string session = await bridged.OpenAsync();

        (_, string answer) = await bridged.PostAsync(Bridged.Call("news"), session: session, takesEvents: false);
        using Events events = await bridged.ListenAsync(session, lastEvent: "7");

        Assert.Equal("""{"jsonrpc":"2.0","id":1,"result":{"content":[]}}""", answer);
        Assert.Equal(News, await events.NextAsync());
        Assert.Equal("""{"jsonrpc":"2.0","id":77,"method":"roots/list"}""", await events.NextAsync());
    }

    [Fact]
    public async Task A_stream_has_no_ids_to_come_back_by()
    {
        await using Bridged bridged = await Bridged.StartAsync();
        string session = await bridged.OpenAsync();

        (_, string text) = await bridged.PostAsync(Bridged.Call("news"), session: session);

        Assert.Equal(
            ["data", "data", "data"],
            text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(':')[0]));
    }

    [Fact]
    public async Task What_was_asked_for_on_a_stream_that_is_gone_runs_on_and_is_answered_to_nobody()
    {
        await using Bridged bridged = await Bridged.StartAsync();
        string session = await bridged.OpenAsync();
        using var gone = new CancellationTokenSource();
        Task<HttpResponseMessage> slow = bridged.SendAsync(Bridged.Call("slow"), session: session, cancellationToken: gone.Token);
        await Bridged.UntilAsync(() => bridged.Recorded.Length == 3);

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => slow);

        // An id that is waited for is refused without one, and with it where nobody waits any more.
        const string InUse = """{"jsonrpc":"2.0","id":1,"error":""";
        await Bridged.UntilAsync(
            async () => (await bridged.PostAsync(Bridged.Call("echo"), session: session)).Text.StartsWith(InUse, StringComparison.Ordinal));
        using Events events = await bridged.ListenAsync(session);
        await bridged.PostAsync(Bridged.Call("release", "2"), session: session);
        await bridged.PostAsync(Bridged.Call("news", "3"), session: session);
        Assert.Equal(News, await events.NextAsync());
        Assert.Equal(
            (200, """{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"echo"}],"structuredContent":{}}}"""),
            await bridged.PostAsync(Bridged.Call("echo"), session: session));
        Assert.DoesNotContain(bridged.Recorded, line => line.Contains("cancelled", StringComparison.Ordinal));
    }
}
