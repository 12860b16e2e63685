using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using PolicyLayer.Counters;
using PolicyLayer.Extensions.DependencyInjection;

namespace PolicyLayer.Tests.DependencyInjection;

/// <summary>Two registrations of one service: none wins in silence.</summary>
public sealed class ContentionTests
{
    private const string DenyAll = """{ "version": "1", "name": "strict", "default": "deny" }""";

    private static readonly Policy AllowAll = Policy.Parse("""{ "version": "1", "name": "loose", "default": "allow" }""");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_authorizer_of_the_hosts_own_stops_the_host(bool before)
    {
        string message = await StartAndFailAsync(
            before, services => services.AddScoped<IToolCallAuthorizer>(_ => new ToolCallAuthorizer(AllowAll)));
        Assert.StartsWith("`PolicyLayer.IToolCallAuthorizer` is registered beside", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_second_store_stops_the_host(bool before)
    {
        string message = await StartAndFailAsync(before, services =>
        {
            services.AddSingleton<ICounterStore>(new InMemoryCounterStore());
            services.AddSingleton<ICounterStore>(_ => new InMemoryCounterStore());
        });
        Assert.StartsWith("`PolicyLayer.Counters.ICounterStore` is registered more than once. Help: ", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_registered_after_the_one_that_was_chosen_stops_the_host()
    {
        string message = await StartAndFailAsync(
            before: false,
            services => services.AddSingleton<ICounterStore, InMemoryCounterStore>(),
            policyLayer => policyLayer.UseCounterStore(new InMemoryCounterStore()));
        Assert.StartsWith("`PolicyLayer.Counters.ICounterStore` is registered more than once.", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_container_without_a_host_refuses_too()
    {
        var services = new ServiceCollection();
        services.AddPolicyLayer(options => options.UsePolicyJson(DenyAll));
        services.AddSingleton<ICounterStore, InMemoryCounterStore>().AddSingleton<ICounterStore, InMemoryCounterStore>();
        await using ServiceProvider provider = services.BuildServiceProvider();
        Assert.Throws<OptionsValidationException>(provider.GetRequiredService<IToolCallAuthorizer>);
        Assert.Throws<OptionsValidationException>(provider.GetRequiredService<ToolCallAuthorizer>);
    }

    [Fact]
    public async Task What_is_replaced_on_purpose_or_has_a_key_is_no_contender()
    {
        var own = new ToolCallAuthorizer(AllowAll);
        var store = new InMemoryCounterStore();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddKeyedSingleton<ICounterStore>("other", store);
        builder.Services.AddPolicyLayer(options => options.UsePolicyJson(DenyAll)).UseCounterStore<InMemoryCounterStore>();
        builder.Services.AddKeyedSingleton<IToolCallAuthorizer>("other", own);
        builder.Services.Replace(ServiceDescriptor.Singleton<IToolCallAuthorizer>(own));
        using IHost host = builder.Build();
        await host.StartAsync();

        Assert.Same(own, host.Services.GetRequiredService<IToolCallAuthorizer>());
        Assert.Equal("strict", Assert.Single(host.Services.GetRequiredService<ToolCallAuthorizer>().Policies).Name);
        Assert.Same(store, host.Services.GetRequiredKeyedService<ICounterStore>("other"));
        await host.StopAsync();
    }

    [Fact]
    public void A_second_policy_is_refused_at_once()
    {
        var services = new ServiceCollection();
        services.AddPolicyLayer(options => options.UsePolicyJson(DenyAll));
        int count = services.Count;
        var exception = Assert.Throws<InvalidOperationException>(() => services.AddPolicyLayer("other.json"));
        Assert.Contains("`AddPolicyLayer` was called before", exception.Message, StringComparison.Ordinal);
        Assert.Equal(count, services.Count);
    }

    private static async Task<string> StartAndFailAsync(
        bool before, Action<IServiceCollection> register, Action<PolicyLayerBuilder>? configure = null)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        if (before)
        {
            register(builder.Services);
        }

        PolicyLayerBuilder policyLayer = builder.Services.AddPolicyLayer(options => options.UsePolicyJson(DenyAll));
        configure?.Invoke(policyLayer);
        if (!before)
        {
            register(builder.Services);
        }

        using IHost host = builder.Build();
        return (await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync())).Message;
    }
}
