using PolicyLayer.Tests.Reloading;

namespace PolicyLayer.Tests.Telemetry;

/// <summary>Reloads are counted by what came of them.</summary>
[Collection(ListeningAlone.Name)]
public sealed class ReloadMetricTests
{
    [Fact]
    public async Task What_is_applied_and_what_is_rejected_is_counted()
    {
        using var folder = new WatchedFolder();
        await folder.StartAsync();
        using var collected = new Collected();
        await folder.Authorizer.ReloadAsync(new PolicyBundle([Policy.Parse(WatchedFolder.Policy(9))]));
        folder.Write("policy.json", WatchedFolder.Policy(2));
        await folder.TakeAsync();
        folder.Write("policy.json", "{");
        await folder.TakeAsync();
        await folder.PollAsync();

        Assert.Equal(
            [("policylayer.reload.outcome=applied", 2), ("policylayer.reload.outcome=rejected", 1)],
            collected.Points("policylayer.policy.reloads").Select(point => (point.Key, (int)point.Value.GetSumLong())).Order());
        string[] inForce = [.. collected.Points("policylayer.policy.info").Keys];
        Assert.Contains($"policylayer.policy.name=p policylayer.policy.revision={RevisionOf(2)}", inForce);
        Assert.DoesNotContain($"policylayer.policy.name=p policylayer.policy.revision={RevisionOf(9)}", inForce);
        GC.KeepAlive(folder.Authorizer);
    }

    private static string RevisionOf(int number) => Policy.Parse(WatchedFolder.Policy(number)).Revision;
}
