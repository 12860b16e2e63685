using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PolicyLayer.Extensions.DependencyInjection;

namespace PolicyLayer.Tests.DependencyInjection;

/// <summary>A reload's records as loggers get them.</summary>
public sealed class ReloadLogTests
{
    [Fact]
    public async Task Policies_that_came_and_went_are_logged()
    {
        var log = new EntryList();
        var services = new ServiceCollection();
        PolicyLayerBuilder builder = services.AddPolicyLayer(options => options.UsePolicyJson(Document("p", "old")));
        builder.AddAuditLogger();
        services.AddLogging(logging => logging.AddProvider(log));
        await using ServiceProvider provider = services.BuildServiceProvider();
        var authorizer = provider.GetRequiredService<ToolCallAuthorizer>();

        await authorizer.ReloadAsync(new PolicyBundle([Policy.Parse(Document("p", "new"))]));
        await authorizer.ReloadAsync(new PolicyBundle([Policy.Parse(Document("q\\n", "new"))]));

        EntryList.Entry[] entries = [.. log.Entries.Where(entry => entry.Category == "PolicyLayer.Audit")];
        string revision = Policy.Parse(Document("p", "new")).Revision;
        Assert.Equal(
            [$"Reloaded p, revision {revision}", $"Reloaded q\\n, revision {entries[1].Parts["Revision"]}", "Reloaded p, which is gone"],
            entries.Select(entry => entry.Text));
        Assert.All(entries, entry => Assert.Equal((16, "Reloaded", LogLevel.Information), (entry.Id.Id, entry.Id.Name, entry.Level)));
        Assert.Equal("p", entries[0].Parts["Policy"]);
        Assert.NotEqual(revision, entries[0].Parts["PreviousRevision"]);
        Assert.Equal(["t_rate"], (IEnumerable<string>)entries[1].Parts["NewCounters"]!);
        Assert.DoesNotContain("Tool", entries[0].Parts.Keys);
    }

    private static string Document(string name, string description) =>
        $$"""
        { "version": "1", "name": "{{name}}", "description": "{{description}}", "default": "deny",
          "tools": { "t": { "rate_limit": "9/minute" } } }
        """;
}
