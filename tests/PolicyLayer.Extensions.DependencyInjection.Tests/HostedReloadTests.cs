using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PolicyLayer.Extensions.DependencyInjection;
using PolicyLayer.Grants;

namespace PolicyLayer.Tests.DependencyInjection;

/// <summary>What files say while a host runs.</summary>
public sealed class HostedReloadTests : IDisposable
{
    private const string Open = """{ "version": "1", "name": "p", "default": "allow" }""";

    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;
    private readonly LogList _log = new();

    public void Dispose()
    {
        _log.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_good_edit_comes_into_force_and_is_logged()
    {
        using IHost host = await StartAsync();
        var running = host.Services.GetRequiredService<RunningAuthorizer>();
        string old = running.Authorizer.Policies[0].Revision;
        Write("policy.json", """
            { "version": "1", "name": "p", "default": "deny", "tools": { "t": { "rate_limit": { "max": 1, "window": "day" } } } }
            """);
        Write("grants.json", """{ "grants": [ { "id": "ci", "revoked": true }, { "id": "new" } ] }""");
        await running.Reloader!.ReloadAsync();

        Assert.Equal(DecisionCode.GrantRevoked, (await running.Authorizer.AuthorizeAsync(new ToolCall("t") { GrantId = "ci" })).Code);
        Assert.Equal(DecisionCode.NotListed, (await running.Authorizer.AuthorizeAsync(new ToolCall("x") { GrantId = "new" })).Code);
        Assert.NotNull(host.Services.GetRequiredService<GrantDirectory>().Find("new"));
        string now = running.Authorizer.Policies[0].Revision;
        string[] lines = LinesOf("Information");
        Assert.Contains($"Information Policy `p` of revision {now} is in force, in place of revision {old}. New counters: t_rate", lines);
        Assert.Contains("Information Other grants are in force: 1 added, 1 changed, 0 removed.", lines);
    }

    [Fact]
    public async Task A_policy_under_another_name_is_a_new_one_and_the_old_one_is_gone()
    {
        using IHost host = await StartAsync();
        var running = host.Services.GetRequiredService<RunningAuthorizer>();
        string old = running.Authorizer.Policies[0].Revision;
        Write("policy.json", """
            { "version": "1", "name": "q", "default": "deny", "tools": { "t": { "rate_limit": { "max": 1, "window": "day" } } } }
            """);
        await running.Reloader!.ReloadAsync();

        string now = running.Authorizer.Policies[0].Revision;
        string[] lines = LinesOf("Information");
        Assert.Contains(
            $"Information Policy `q` of revision {now} is in force, and none of its name was before. New counters: t_rate", lines);
        Assert.Contains($"Information Policy `p` of revision {old} is in force no longer, and none of its name is.", lines);
    }

    [Fact]
    public async Task A_bad_edit_leaves_what_was_there_is_logged_with_its_findings_and_degrades_the_host()
    {
        using IHost host = await StartAsync();
        var running = host.Services.GetRequiredService<RunningAuthorizer>();
        Write("policy.json", """{ "version": "1", "name": "p", "default": "perhaps" }""");
        await running.Reloader!.ReloadAsync();

        Assert.True((await running.Authorizer.AuthorizeAsync(new ToolCall("t") { GrantId = "ci" })).IsAllowed);
        string rejected = Assert.Single(LinesOf("Error"));
        Assert.Contains("rejected", rejected, StringComparison.Ordinal);
        Assert.Contains(" error policy.json:1:43 /default", rejected, StringComparison.Ordinal);
        HealthReport report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Equal(HealthStatus.Degraded, report.Status);
        Assert.Equal(true, report.Entries["PolicyLayer"].Data["isLastReloadRejected"]);

        string[] before = LinesOf("Information");
        Assert.DoesNotContain(before, line => line.Contains("right again", StringComparison.Ordinal));
        Write("policy.json", Open);
        await running.Reloader.ReloadAsync();
        await running.Reloader.ReloadAsync();
        Assert.Equal(
            ["Information The policies and grants that were rejected are right again: what they say now is in force."],
            LinesOf("Information")[before.Length..]);
        Assert.Equal(HealthStatus.Healthy, (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Status);
    }

    [Fact]
    public async Task Watching_begins_with_the_host_and_ends_with_its_container()
    {
        RunningAuthorizer running;
        using (IHost host = await StartAsync())
        {
            running = host.Services.GetRequiredService<RunningAuthorizer>();
            var reloaded = new TaskCompletionSource();
            running.Authorizer.Reloaded += (_, _) => reloaded.TrySetResult();
            Write("policy.json", """{ "version": "1", "name": "p", "default": "deny" }""");
            await reloaded.Task.WaitAsync(TimeSpan.FromMinutes(2));
        }

        await Assert.ThrowsAsync<ObjectDisposedException>(() => running.Reloader!.ReloadAsync());
    }

    private async Task<IHost> StartAsync()
    {
        Write("policy.json", Open);
        Write("grants.json", """{ "grants": [ { "id": "ci" } ] }""");
        var settings = new HostApplicationBuilderSettings { ContentRootPath = _folder };
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings);
        builder.Logging.AddProvider(_log);
        builder.Services.AddPolicyLayer(options =>
        {
            options.PolicyFile = "policy.json";
            options.GrantsFile = "grants.json";
        });
        builder.Services.AddHealthChecks().AddPolicyLayer();
        IHost host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private string[] LinesOf(string level)
    {
        lock (_log.Lines)
        {
            return [.. _log.Lines.Where(line => line.StartsWith(level, StringComparison.Ordinal))];
        }
    }

    private void Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path + ".new", text);
        File.Move(path + ".new", path, overwrite: true);
    }
}
