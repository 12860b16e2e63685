using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace PolicyLayer.Tests.DependencyInjection;

public sealed class HostedQuickStartTests
{
    [Fact]
    public async Task The_host_runs_what_the_policy_allows_and_nothing_else()
    {
        using IHost host = HostedQuickStart.Build(Path.Combine(AppContext.BaseDirectory, "schema", "examples", "stellify.json"));
        await host.StartAsync();
        var runner = host.Services.GetRequiredService<ToolRunner>();

        var allowed = new ToolCall("run_code") { GrantId = "ci" };
        var denied = new ToolCall("other") { GrantId = "ci" };
        Assert.Equal("done", await runner.RunAsync(allowed, () => Task.FromResult(("done", false)), CancellationToken.None));
        Assert.Equal(
            "[POLICY DENIED] This tool is not listed in the policy.",
            await runner.RunAsync(denied, () => throw new InvalidOperationException("must not run"), CancellationToken.None));
        await host.StopAsync();
    }
}
