namespace PolicyLayer.Tests.Proxy.Bridging;

/// <summary>Servers that are killed while they have calls, and a proxy that can't wait for them.</summary>
public sealed class KilledChildTests
{
    private const string Ended = """{"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"The server ended."}}""";

    [Fact]
    public async Task A_session_goes_on_with_another_server_and_its_calls_in_flight_are_answered()
    {
        await using Bridged bridged = await Bridged.StartAsync();
        string session = await bridged.OpenAsync();
        string other = await bridged.OpenAsync();
        Task<(int Status, string Text)> killed = bridged.PostAsync(Bridged.Call("slow"), session: session);
        Task<(int Status, string Text)> spared = bridged.PostAsync(Bridged.Call("slow"), session: other);
        await Bridged.UntilAsync(() => bridged.Recorded.Length == 6);

        Bridged.Kill(bridged.Started[0]);

        Assert.Equal((200, Ended), await killed);
        (_, string next) = await bridged.PostAsync(Bridged.Call("echo", "2"), session: session);
        Assert.StartsWith("""{"jsonrpc":"2.0","id":2,"result":""", next);
        Assert.Equal(
            ["initialize", "notifications/initialized", "tools/call"],
            bridged.Recorded[^3..].Select(line => line.Split("\"method\":\"")[1].Split('"')[0]));
        await bridged.PostAsync(Bridged.Call("release", "2"), session: other);
        Assert.StartsWith("""{"jsonrpc":"2.0","id":1,"result":""", (await spared).Text);
        Assert.Equal(3, bridged.Started.Length);
    }

    [Fact]
    public async Task All_who_share_a_server_are_answered_and_nobody_else()
    {
        await using Bridged bridged = await Bridged.StartAsync();
        await bridged.PostAsync(Bridged.StatelessCall("echo"), "a");
        await bridged.PostAsync(Bridged.StatelessCall("echo"), "b");
        Task<(int Status, string Text)>[] killed =
            [.. Enumerable.Range(0, 3).Select(_ => bridged.PostAsync(Bridged.StatelessCall("slow")))];
        Task<(int Status, string Text)> spared = bridged.PostAsync(Bridged.StatelessCall("slow"), "b");
        await Bridged.UntilAsync(() => bridged.Recorded.Length == 6);

        Bridged.Kill(bridged.Started[0]);

        Assert.All(await Task.WhenAll(killed), answer => Assert.Equal((200, Ended), answer));
        Assert.StartsWith("""{"jsonrpc":"2.0","id":1,"result":""", (await bridged.PostAsync(Bridged.StatelessCall("echo"))).Text);
        await bridged.PostAsync(Bridged.StatelessCall("release"), "b");
        Assert.StartsWith("""{"jsonrpc":"2.0","id":1,"result":""", (await spared).Text);
        Assert.Equal(3, bridged.Started.Length);
        Assert.DoesNotContain(bridged.Recorded, line => line.Contains("initialize", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_a_killed_server_said_and_asked_is_over()
    {
        await using Bridged bridged = await Bridged.StartAsync();
        string session = await bridged.OpenAsync();
        await bridged.PostAsync(Bridged.Call("news"), session: session, takesEvents: false);
        Bridged.Kill(bridged.Started[0]);
        await Bridged.UntilAsync(async () =>
        {
            (_, string text) = await bridged.PostAsync(Bridged.Call("echo"), session: session, takesEvents: false);
            return text.Contains("\"result\"", StringComparison.Ordinal);
        });

        Assert.Equal(202, (await bridged.PostAsync("""{"jsonrpc":"2.0","id":77,"result":{"roots":[]}}""", session: session)).Status);
        using Events events = await bridged.ListenAsync(session);
        await bridged.PostAsync(Bridged.Call("news"), session: session);

        Assert.Contains("\"data\":\"news\"", await events.NextAsync());
        string? asked = await events.NextAsync();
        Assert.Contains("roots/list", asked);
        Assert.DoesNotContain("\"id\":77,", asked);
        Assert.DoesNotContain(bridged.Recorded, line => line.Contains("result", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_proxy_that_can_not_wait_ends_servers_that_heed_nothing_and_starts_none()
    {
        await using Bridged bridged = await Bridged.StartAsync(mode: "deaf");
        string session = await bridged.OpenAsync();
        await bridged.PostAsync(Bridged.StatelessCall("echo"));
        Assert.All(bridged.Started, process => Assert.True(Bridged.IsRunning(process)));

        bridged.Proxy.Kill();

        await Bridged.UntilAsync(() => !bridged.Started.Any(Bridged.IsRunning));
        Assert.Equal(503, (await bridged.PostAsync(Bridged.Initialize)).Status);
        await Bridged.UntilAsync(async () => (await bridged.PostAsync(Bridged.Call("echo"), session: session)).Status == 404);
        Assert.Equal(2, bridged.Started.Length);
    }
}
