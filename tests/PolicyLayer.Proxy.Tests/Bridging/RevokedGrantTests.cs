using PolicyLayer.Grants;

namespace PolicyLayer.Tests.Proxy.Bridging;

/// <summary>Policies and grants that are reloaded while servers run which were started for callers.</summary>
public sealed class RevokedGrantTests
{
    private const string Revoked =
        """{"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"The grant isn\u0027t in force any more."}}""";

    [Fact]
    public async Task A_grant_that_is_revoked_loses_its_servers_and_hears_of_nothing()
    {
        await using Bridged bridged = await Bridged.StartAsync();
        string session = await bridged.OpenAsync();
        string other = await bridged.OpenAsync("b");
        await bridged.PostAsync(Bridged.StatelessCall("echo"));
        using Events news = await bridged.ListenAsync(session);
        using Events othersNews = await bridged.ListenAsync(other, "b");
        Task<(int Status, string Text)> within = bridged.PostAsync(Bridged.Call("slow"), session: session);
        Task<(int Status, string Text)> without = bridged.PostAsync(Bridged.StatelessCall("slow"));
        await Bridged.UntilAsync(() => bridged.Recorded.Length == 7);

        await bridged.Authorizer.ReloadAsync(new PolicyBundle(bridged.Authorizer.Policies, [Bridged.GrantOf("b")]));

        Assert.Equal((503, Revoked), await within);
        Assert.Equal((503, Revoked), await without);
        Assert.Null(await news.NextAsync());
        await Bridged.UntilAsync(() => bridged.Started.Count(Bridged.IsRunning) == 1);
        Assert.Equal(401, (await bridged.PostAsync(Bridged.Call("echo"), session: session)).Status);
        Assert.Equal(401, (await bridged.PostAsync(Bridged.StatelessCall("echo"))).Status);
        Assert.Equal("""{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}""", await othersNews.NextAsync());
        Assert.Equal(200, (await bridged.PostAsync(Bridged.Call("echo"), "b", other)).Status);
        Assert.Equal(3, bridged.Started.Length);
    }

    [Fact]
    public async Task A_token_that_is_replaced_loses_what_was_begun_with_it_and_not_what_its_grant_shares()
    {
        await using Bridged bridged = await Bridged.StartAsync();
        string session = await bridged.OpenAsync();
        await bridged.PostAsync(Bridged.StatelessCall("echo"));
        using Events news = await bridged.ListenAsync(session);
        Task<(int Status, string Text)> call = bridged.PostAsync(Bridged.StatelessCall("slow"));
        await Bridged.UntilAsync(() => bridged.Recorded.Length == 4);

        var renewed = new Grant("a") { TokenSha256 = GrantToken.Hash("new") };
        await bridged.Authorizer.ReloadAsync(new PolicyBundle(bridged.Authorizer.Policies, [renewed]));

        Assert.Equal((503, Revoked), await call);
        Assert.Null(await news.NextAsync());
        await Bridged.UntilAsync(() => !Bridged.IsRunning(bridged.Started[0]));
        Assert.True(Bridged.IsRunning(bridged.Started[1]));
    }

    [Fact]
    public async Task A_policy_that_is_reloaded_judges_calls_of_servers_that_run()
    {
        await using Bridged bridged = await Bridged.StartAsync();
        string session = await bridged.OpenAsync();
        await bridged.PostAsync(Bridged.StatelessCall("echo"));
        string document = Bridged.Document.Replace("\"echo\": {},", "", StringComparison.Ordinal);

        await bridged.Authorizer.ReloadAsync(new PolicyBundle([Policy.Parse(document)]));

        Assert.Contains("policylayer/denial", (await bridged.PostAsync(Bridged.Call("echo"), session: session)).Text);
        Assert.Contains("policylayer/denial", (await bridged.PostAsync(Bridged.StatelessCall("echo"))).Text);
        Assert.Equal((2, 3), (bridged.Started.Count(Bridged.IsRunning), bridged.Recorded.Length));
    }
}
