using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using PolicyLayer.Approvals;
using PolicyLayer.Grants;

namespace PolicyLayer.Tests.DependencyInjection;

/// <summary>Grants and approvals come from the container, and nothing that is registered is passed over.</summary>
public sealed class GrantsAndApprovalsTests
{
    private const string Policy = """
        { "version": "1", "default": "deny", "tools": { "free": {}, "pay": { "action": "require_approval" } } }
        """;

    [Fact]
    public async Task A_resolver_of_the_container_says_who_may_call()
    {
        using IHost host = Build(
            services => services.AddSingleton<IGrantResolver>(new GrantDirectory([new Grant("ci"), new Grant("old").Revoke()])));
        await host.StartAsync();
        IToolCallAuthorizer authorizer = host.Services.GetRequiredService<IToolCallAuthorizer>();
        Assert.Equal(DecisionCode.Allowed, (await authorizer.AuthorizeAsync(new ToolCall("free") { GrantId = "ci" })).Code);
        Assert.Equal(DecisionCode.GrantRevoked, (await authorizer.AuthorizeAsync(new ToolCall("free") { GrantId = "old" })).Code);
        Assert.Equal(DecisionCode.GrantUnknown, (await authorizer.AuthorizeAsync(new ToolCall("free") { GrantId = "x" })).Code);
    }

    [Fact]
    public async Task The_inbox_of_the_container_answers_what_its_store_keeps_and_its_notifier_hears_of_it()
    {
        var notifier = new Notifier();
        var store = new InMemoryApprovalStore();
        using IHost host = Build(services => services.AddSingleton<IApprovalStore>(store).AddSingleton<IApprovalNotifier>(notifier));
        await host.StartAsync();
        IToolCallAuthorizer authorizer = host.Services.GetRequiredService<IToolCallAuthorizer>();
        ApprovalInbox inbox = host.Services.GetRequiredService<ApprovalInbox>();
        var call = new ToolCall("pay") { GrantId = "ci" };

        ToolCallDecision asked = await authorizer.AuthorizeAsync(call);
        Assert.Equal(asked.ApprovalId, (await notifier.Told.Task.WaitAsync(TimeSpan.FromSeconds(30))).Id);
        Assert.NotNull(await new ApprovalInbox(store).FindAsync(asked.ApprovalId!));
        Assert.Equal(ApprovalResolution.Done, await inbox.ApproveAsync(asked.ApprovalId!, new Approver("alice")));
        Assert.True((await authorizer.AuthorizeAsync(call)).IsAllowed);
    }

    [Fact]
    public async Task Approvals_need_nothing_registered_and_go_by_the_options()
    {
        using IHost host = Build(_ => { }, options => options.MaxPendingApprovals = 1);
        await host.StartAsync();
        IToolCallAuthorizer authorizer = host.Services.GetRequiredService<IToolCallAuthorizer>();
        ToolCallDecision asked = await authorizer.AuthorizeAsync(new ToolCall("pay") { GrantId = "ci" });
        Assert.NotNull(await host.Services.GetRequiredService<ApprovalInbox>().FindAsync(asked.ApprovalId!));
        var other = new ToolCall("pay", ToolArguments.FromJson("""{"n":1}""")) { GrantId = "ci" };
        ToolCallDecision second = await authorizer.AuthorizeAsync(other);
        Assert.Equal(DecisionCode.ApprovalLimit, second.Code);
    }

    [Fact]
    public async Task Two_resolvers_stop_the_host()
    {
        using IHost host = Build(services => services
            .AddSingleton<IGrantResolver>(new GrantDirectory([]))
            .AddSingleton<IGrantResolver>(new GrantDirectory([])));
        OptionsValidationException failure = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
        Assert.Contains("`PolicyLayer.Grants.IGrantResolver` is registered more than once.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_default_grant_beside_grants_stops_the_host()
    {
        using IHost host = Build(
            services => services.AddSingleton<IGrantResolver>(new GrantDirectory([])), options => options.DefaultGrantId = "all");
        OptionsValidationException failure = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
        Assert.Contains("`PolicyLayerOptions.DefaultGrantId`", failure.Message, StringComparison.Ordinal);
    }

    private static IHost Build(
        Action<IServiceCollection> register, Action<Extensions.DependencyInjection.PolicyLayerOptions>? configure = null)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Services.AddPolicyLayer(options =>
        {
            options.UsePolicyJson(Policy);
            configure?.Invoke(options);
        });
        register(builder.Services);
        return builder.Build();
    }

    private sealed class Notifier : IApprovalNotifier
    {
        public TaskCompletionSource<ApprovalView> Told { get; } = new();

        public ValueTask NotifyAsync(ApprovalView request, CancellationToken cancellationToken = default)
        {
            Told.TrySetResult(request);
            return default;
        }
    }
}
