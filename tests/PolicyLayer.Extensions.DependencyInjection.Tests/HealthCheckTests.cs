using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using PolicyLayer.Approvals;
using PolicyLayer.Auditing;
using PolicyLayer.Counters;
using PolicyLayer.Extensions.DependencyInjection;

namespace PolicyLayer.Tests.DependencyInjection;

/// <summary>Whether an authorizer can decide, as hosts are asked by their orchestrators.</summary>
public sealed class HealthCheckTests
{
    private const string Policy = """{ "version": "1", "name": "open", "default": "allow" }""";

    [Theory]
    [InlineData("", "PolicyLayer")]
    [InlineData("named", "PolicyLayer.named")]
    public async Task A_host_that_can_decide_is_healthy_and_says_what_is_in_force(string name, string check)
    {
        using IHost host = Build(name, _ => { });
        await host.StartAsync();
        var authorizer = name.Length == 0
            ? host.Services.GetRequiredService<ToolCallAuthorizer>()
            : host.Services.GetRequiredKeyedService<ToolCallAuthorizer>(name);
        HealthReportEntry entry = await CheckAsync(host, check);
        Assert.Equal(HealthStatus.Healthy, entry.Status);
        Assert.Equal(
            [KeyValuePair.Create("open", authorizer.Policies[0].Revision)], (IReadOnlyDictionary<string, string>)entry.Data["policies"]);

        Policy other = PolicyLayer.Policy.Parse("""{ "version": "1", "name": "other", "default": "deny" }""");
        await authorizer.ReloadAsync(new PolicyBundle([other]));
        entry = await CheckAsync(host, check);
        Assert.Equal(["other"], ((IReadOnlyDictionary<string, string>)entry.Data["policies"]).Keys);
    }

    [Fact]
    public async Task Stores_that_do_not_answer_are_named_by_place_without_what_they_say()
    {
        using IHost host = Build("", builder => builder
            .UseCounterStore(new LostStore())
            .Services.AddSingleton<IApprovalStore>(new LostStore()));
        await host.StartAsync();
        HealthReportEntry entry = await CheckAsync(host);
        Assert.Equal((HealthStatus.Unhealthy, "Not reachable: Counters, Approvals."), (entry.Status, entry.Description));
        Assert.Equal(["Counters", "Approvals"], (IEnumerable<string>)entry.Data["unreachable"]);
        Assert.Null(entry.Exception);
    }

    [Fact]
    public async Task A_sink_whose_last_write_failed_degrades_until_the_next_succeeds()
    {
        var sink = new Sink();
        using IHost host = Build("", builder => builder.AddAuditSink(new InMemoryAuditSink()).AddAuditSink(sink));
        await host.StartAsync();
        var authorizer = host.Services.GetRequiredService<ToolCallAuthorizer>();
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(host)).Status);

        sink.IsLost = true;
        Assert.Equal(DecisionCode.AuditUnavailable, (await authorizer.AuthorizeAsync(new ToolCall("x") { GrantId = "ci" })).Code);
        HealthReportEntry entry = await CheckAsync(host);
        Assert.Equal((HealthStatus.Degraded, "Not reachable: AuditSinks[1]."), (entry.Status, entry.Description));

        sink.IsLost = false;
        Assert.True((await authorizer.AuthorizeAsync(new ToolCall("x") { GrantId = "ci" })).IsAllowed);
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(host)).Status);
    }

    [Fact]
    public async Task Without_a_policy_it_fails_as_the_host_wants_and_tells_no_findings()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddPolicyLayer(options => options.UsePolicyJson("a secret"));
        services.AddPolicyLayer("lost", options => options.UsePolicyJson(Policy))
            .UseCounterStore(_ => throw new InvalidOperationException("password=a secret"));
        services.AddHealthChecks().AddPolicyLayer(failureStatus: HealthStatus.Degraded, tags: ["ready"]).AddPolicyLayer("lost")
            .AddPolicyLayer("none");
        await using ServiceProvider provider = services.BuildServiceProvider();
        HealthReport report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        Assert.Equal(HealthStatus.Degraded, report.Entries["PolicyLayer"].Status);
        Assert.Equal(["ready"], report.Entries["PolicyLayer"].Tags);
        Assert.StartsWith("No policy is loaded", report.Entries["PolicyLayer"].Description, StringComparison.Ordinal);
        Assert.Equal(HealthStatus.Unhealthy, report.Entries["PolicyLayer.lost"].Status);
        Assert.Equal(
            "The authorizer can't be made: System.InvalidOperationException.", report.Entries["PolicyLayer.lost"].Description);
        Assert.Equal(HealthStatus.Unhealthy, report.Entries["PolicyLayer.none"].Status);
        Assert.DoesNotContain("secret", string.Join(' ', report.Entries.Values), StringComparison.Ordinal);
    }

    private static IHost Build(string name, Action<PolicyLayerBuilder> configure)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        configure(builder.Services.AddPolicyLayer(name, options => options.UsePolicyJson(Policy)));
        builder.Services.AddHealthChecks().AddPolicyLayer(name);
        return builder.Build();
    }

    private static async Task<HealthReportEntry> CheckAsync(IHost host, string check = "PolicyLayer") =>
        (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries[check];

    private sealed class Sink : IAuditSink
    {
        public bool IsLost { get; set; }

        public ValueTask WriteAsync(AuditRecord record, CancellationToken cancellationToken = default) =>
            IsLost ? throw new IOException("a secret path") : default;
    }

    private sealed class LostStore : ICounterStore, IApprovalStore
    {
        public ValueTask<CounterReservation> ReserveAsync(CounterRequest request, CancellationToken cancellationToken = default) =>
            throw Lost();

        public ValueTask ReleaseAsync(CounterRelease release, CancellationToken cancellationToken = default) => throw Lost();

        public ValueTask<ApprovalAnswer> AskAsync(ApprovalRequest request, CancellationToken cancellationToken = default) => throw Lost();

        public ValueTask<bool> SpendAsync(ApprovalUse use, CancellationToken cancellationToken = default) => throw Lost();

        public ValueTask ReturnAsync(ApprovalUse use, CancellationToken cancellationToken = default) => throw Lost();

        public ValueTask<ApprovalResolution> ResolveAsync(ApprovalResolve answer, CancellationToken cancellationToken = default) =>
            throw Lost();

        public ValueTask<StoredApproval?> FindAsync(ApprovalQuery query, CancellationToken cancellationToken = default) => throw Lost();

        public ValueTask<IReadOnlyList<StoredApproval>> ListPendingAsync(
            ApprovalListQuery query, CancellationToken cancellationToken = default) => throw Lost();

        private static IOException Lost() => new("a secret address");
    }
}
