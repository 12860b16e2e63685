using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using PolicyLayer.Approvals;
using PolicyLayer.Auditing;
using PolicyLayer.Counters;
using PolicyLayer.Extensions.DependencyInjection;
using PolicyLayer.Grants;
using PolicyLayer.Telemetry;

namespace PolicyLayer.Tests.DependencyInjection;

/// <summary>Several authorizers in one host, each with its name as the key of what belongs to it.</summary>
public sealed class NamedTests
{
    private const string Open = """
        { "version": "1", "name": "open", "default": "allow",
          "tools": { "counted": { "rate_limit": { "max": 1, "window": "day" } }, "pay": { "action": "require_approval" } } }
        """;

    private const string Closed = """{ "version": "1", "name": "closed", "default": "deny" }""";

    [Fact]
    public async Task Each_name_has_its_authorizer_and_its_options_and_none_has_no_key()
    {
        using IHost host = Build(services =>
        {
            services.AddPolicyLayer(options => options.UsePolicyJson(Closed));
            services.AddPolicyLayer("open", options => options.UsePolicyJson(Open));
            services.Configure<PolicyLayerOptions>("open", options => options.MaxArgumentsBytes = 2);
        });
        await host.StartAsync();
        var closed = host.Services.GetRequiredService<IToolCallAuthorizer>();
        var open = host.Services.GetRequiredKeyedService<IToolCallAuthorizer>("open");
        Assert.Same(open, host.Services.GetRequiredKeyedService<ToolCallAuthorizer>("open"));
        Assert.Same(
            host.Services.GetRequiredKeyedService<ToolCallAuthorizer>("open").Approvals,
            host.Services.GetRequiredKeyedService<ApprovalInbox>("open"));
        Assert.NotSame(host.Services.GetRequiredService<ApprovalInbox>(), host.Services.GetRequiredKeyedService<ApprovalInbox>("open"));

        Assert.Equal(DecisionCode.NotListed, await DecideAsync(closed, "x"));
        Assert.Equal(DecisionCode.Allowed, await DecideAsync(open, "x"));
        var large = new ToolCall("x", ToolArguments.FromJson("{ }")) { GrantId = "ci" };
        Assert.Equal(DecisionCode.ArgumentsTooLarge, (await open.AuthorizeAsync(large)).Code);
        Assert.Equal(DecisionCode.NotListed, (await closed.AuthorizeAsync(large)).Code);
        await host.StopAsync();
    }

    [Fact]
    public void A_second_one_of_a_name_is_refused_at_once_and_the_name_is_told()
    {
        var services = new ServiceCollection();
        services.AddPolicyLayer("a", options => options.UsePolicyJson(Open));
        services.AddPolicyLayer("b", options => options.UsePolicyJson(Closed));
        int count = services.Count;
        var failure = Assert.Throws<InvalidOperationException>(() => services.AddPolicyLayer("a", _ => { }));
        Assert.StartsWith("`AddPolicyLayer` of the name `a` was called before", failure.Message, StringComparison.Ordinal);
        Assert.Equal(count, services.Count);
    }

    /// <summary>As who adds options to <c>AddPolicyLayer("policy.json")</c> writes it.</summary>
    [Theory]
    [InlineData("policy.json")]
    [InlineData("/etc/Agent.JSON")]
    public void A_file_is_no_name(string file)
    {
        var services = new ServiceCollection();
        var failure = Assert.Throws<ArgumentException>(() => services.AddPolicyLayer(file, options => options.DefaultGrantId = "ci"));
        Assert.StartsWith($"`{file}` would be the key of a further authorizer", failure.Message, StringComparison.Ordinal);
        Assert.Empty(services);
    }

    [Fact]
    public async Task The_builder_of_a_name_registers_what_is_of_that_name_alone()
    {
        var store = new NoStore();
        var ofName = new InMemoryAuditSink();
        var ofAll = new InMemoryAuditSink();
        using IHost host = Build(services =>
        {
            services.AddPolicyLayer("open", options => options.UsePolicyJson(Open)).UseCounterStore(store).AddAuditSink(ofName);
            string same = Open.Replace("\"open\"", "\"same\"", StringComparison.Ordinal);
            services.AddPolicyLayer("same", options => options.UsePolicyJson(same));
            services.AddSingleton<IAuditSink>(ofAll);
        });
        await host.StartAsync();

        Assert.Equal(
            DecisionCode.CounterStoreUnavailable,
            await DecideAsync(host.Services.GetRequiredKeyedService<IToolCallAuthorizer>("open"), "counted"));
        Assert.Equal(
            DecisionCode.Allowed, await DecideAsync(host.Services.GetRequiredKeyedService<IToolCallAuthorizer>("same"), "counted"));
        Assert.Equal("open", Assert.Single(ofName.Records).PolicyName);
        Assert.Equal("same", Assert.Single(ofAll.Records).PolicyName);
        Assert.Empty(host.Services.GetServices<ICounterStore>());
    }

    [Fact]
    public async Task What_has_no_registration_of_the_name_is_taken_from_those_without_a_key()
    {
        var approvals = new InMemoryApprovalStore();
        var listener = new Listener();
        using IHost host = Build(services =>
        {
            services.AddPolicyLayer("open", options => options.UsePolicyJson(Open));
            services.AddSingleton<IApprovalStore>(approvals).AddSingleton<IFaultListener>(listener);
            services.AddSingleton<ICounterStore, NoStore>();
            services.AddSingleton<IGrantResolver>(new GrantDirectory([new Grant("ci")]));
        });
        await host.StartAsync();
        var authorizer = host.Services.GetRequiredKeyedService<ToolCallAuthorizer>("open");

        ToolCallDecision asked = await authorizer.AuthorizeAsync(new ToolCall("pay") { GrantId = "ci" });
        Assert.NotNull(await new ApprovalInbox(approvals).FindAsync(asked.ApprovalId!));
        Assert.Equal(DecisionCode.CounterStoreUnavailable, await DecideAsync(authorizer, "counted"));
        Assert.Equal("Counters", Assert.Single(listener.Faults).Place);
        Assert.Equal(DecisionCode.GrantUnknown, (await authorizer.AuthorizeAsync(new ToolCall("x") { GrantId = "other" })).Code);
    }

    [Fact]
    public async Task Two_stores_of_one_name_stop_the_host_and_the_name_is_told()
    {
        using IHost host = Build(services =>
        {
            services.AddPolicyLayer("open", options => options.UsePolicyJson(Open)).UseCounterStore<NoStore>();
            services.AddKeyedSingleton<ICounterStore, NoStore>("open");
        });
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
        Assert.StartsWith(
            "`open`: `PolicyLayer.Counters.ICounterStore` is registered more than once.", failure.Message, StringComparison.Ordinal);
    }

    private static IHost Build(Action<IServiceCollection> register)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        register(builder.Services);
        return builder.Build();
    }

    private static async Task<DecisionCode> DecideAsync(IToolCallAuthorizer authorizer, string tool) =>
        (await authorizer.AuthorizeAsync(new ToolCall(tool) { GrantId = "ci" })).Code;

    private sealed class Listener : IFaultListener
    {
        public List<Fault> Faults { get; } = [];

        public void OnFault(Fault fault) => Faults.Add(fault);
    }

    private sealed class NoStore : ICounterStore
    {
        public ValueTask<CounterReservation> ReserveAsync(CounterRequest request, CancellationToken cancellationToken = default) =>
            throw new IOException("no route");

        public ValueTask ReleaseAsync(CounterRelease release, CancellationToken cancellationToken = default) => default;
    }
}
