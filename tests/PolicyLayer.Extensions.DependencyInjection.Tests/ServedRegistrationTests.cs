using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using PolicyLayer.Approvals;
using PolicyLayer.Counters;
using PolicyLayer.Extensions.DependencyInjection;
using PolicyLayer.Grants;

namespace PolicyLayer.Tests.DependencyInjection;

/// <summary>What a host registers, in whatever way, serves its authorizer or stops its start.</summary>
public sealed class ServedRegistrationTests
{
    private const string Open = """
        { "version": "1", "name": "open", "default": "allow",
          "tools": { "counted": { "rate_limit": { "max": 1, "window": "day" } } } }
        """;

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    public async Task A_directory_of_the_host_says_who_may_call(string name)
    {
        foreach (bool before in new[] { true, false })
        {
            using IHost host = Build(name, before, services => services.AddSingleton(new GrantDirectory([new Grant("ci")])));
            await AssertGrantsAsync(host, name);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    public async Task A_resolver_that_is_only_tried_to_be_added_says_who_may_call(string name)
    {
        var directory = new GrantDirectory([new Grant("ci")]);
        using IHost host = Build(name, before: false, services => services.TryAddSingleton<IGrantResolver>(directory));
        await AssertGrantsAsync(host, name);
        using IHost other = Build(name, before: false, services => services.TryAddSingleton(directory));
        await AssertGrantsAsync(other, name);
    }

    [Fact]
    public async Task A_resolver_of_the_name_or_of_any_key_says_who_may_call()
    {
        var directory = new GrantDirectory([new Grant("ci")]);
        foreach (object key in new[] { "x", KeyedService.AnyKey })
        {
            using IHost tried = Build("x", before: false, services => services.TryAddKeyedSingleton<IGrantResolver>(key, directory));
            await AssertGrantsAsync(tried, "x");
            using IHost added = Build("x", before: true, services => services.AddKeyedSingleton(key, directory));
            await AssertGrantsAsync(added, "x");
        }
    }

    [Fact]
    public async Task The_nearest_grants_serve_a_name()
    {
        var near = new GrantDirectory([new Grant("ci")]);
        using IHost host = Build("x", before: false, services => services
            .AddKeyedSingleton("x", near)
            .AddKeyedSingleton<IGrantResolver>(KeyedService.AnyKey, new GrantDirectory([new Grant("other")]))
            .AddSingleton<IGrantResolver>(new GrantDirectory([new Grant("other")])));
        await AssertGrantsAsync(host, "x");
    }

    [Fact]
    public async Task A_name_without_grants_has_those_of_the_document_without_a_name_whenever_it_was_named()
    {
        using IHost host = Build("x", before: false, services =>
        {
            services.AddPolicyLayer(options => options.UsePolicyJson(Open));
            services.Configure<PolicyLayerOptions>(options =>
                options.UseGrants(DocumentSource.FromText("grants", """{ "grants": [ { "id": "ci" } ] }""")));
        });
        await AssertGrantsAsync(host, "x");
        await AssertGrantsAsync(host, "");
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("x", null)]
    [InlineData("x", "x")]
    public async Task A_registration_that_yields_nothing_stops_the_host(string name, string? key)
    {
        await AssertStopsAsync<IGrantResolver>(name, key);
        await AssertStopsAsync<GrantDirectory>(name, key);
        await AssertStopsAsync<ICounterStore>(name, key);
        await AssertStopsAsync<IApprovalStore>(name, key);
        await AssertStopsAsync<IApprovalNotifier>(name, key);
    }

    [Fact]
    public async Task Grants_that_are_taken_away_again_stop_the_host()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddPolicyLayer(options =>
        {
            options.UsePolicyJson(Open);
            options.GrantsFile = "grants.json";
        });
        builder.Services.Configure<PolicyLayerOptions>(options => options.GrantsFile = null);
        builder.Services.TryAddSingleton(new GrantDirectory([]));
        using IHost host = builder.Build();
        Assert.Contains("grants was named in `AddPolicyLayer` and taken away", await FailAsync(host), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    public async Task A_store_that_is_only_tried_to_be_added_counts(string name)
    {
        var store = new InMemoryCounterStore();
        using IHost host = Build(name, before: false, services => services.TryAddSingleton<ICounterStore>(store));
        await host.StartAsync();
        await Get<IToolCallAuthorizer>(host, name).AuthorizeAsync(new ToolCall("counted") { GrantId = "ci" });
        Assert.NotEmpty(await store.ListAsync().ToArrayAsync());
    }

    [Fact]
    public async Task Authorizers_without_a_store_count_in_one()
    {
        using IHost host = Build("", before: false, services => services.AddPolicyLayer("x", options => options.UsePolicyJson(Open)));
        await host.StartAsync();
        var call = new ToolCall("counted") { GrantId = "ci" };
        Assert.True((await Get<IToolCallAuthorizer>(host, "").AuthorizeAsync(call)).IsAllowed);
        Assert.Equal(DecisionCode.LimitExceeded, (await Get<IToolCallAuthorizer>(host, "x").AuthorizeAsync(call)).Code);
    }

    [Fact]
    public async Task A_store_beside_two_authorizers_is_no_contender()
    {
        using IHost host = Build("x", before: false, services =>
        {
            services.AddPolicyLayer(options => options.UsePolicyJson(Open));
            services.AddSingleton<ICounterStore>(new InMemoryCounterStore());
        });
        await host.StartAsync();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("x")]
    public async Task Two_of_what_serves_a_name_stop_the_host(string? key)
    {
        await AssertContendAsync<ICounterStore>(key, () => new InMemoryCounterStore());
        await AssertContendAsync<IGrantResolver>(key, () => new GrantDirectory([]));
        await AssertContendAsync<GrantDirectory>(key, () => new GrantDirectory([]));
        await AssertContendAsync<IApprovalStore>(key, () => new InMemoryApprovalStore());
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("x", "x")]
    public async Task A_second_authorizer_or_inbox_stops_the_host(string name, string? key)
    {
        var loose = new ToolCallAuthorizer(Policy.Parse(Open));
        foreach (bool before in new[] { true, false })
        {
            using IHost host = Build(name, before, services => Add<ToolCallAuthorizer>(services, key, loose));
            Assert.Contains("`PolicyLayer.ToolCallAuthorizer` is registered beside", await FailAsync(host), StringComparison.Ordinal);
            using IHost other = Build(name, before, services => Add<ApprovalInbox>(services, key, loose.Approvals));
            Assert.Contains(
                "`PolicyLayer.Approvals.ApprovalInbox` is registered beside", await FailAsync(other), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_takes_the_place_of_the_concrete_authorizer_does_not_take_that_of_the_guard()
    {
        var loose = new ToolCallAuthorizer(Policy.Parse("""{ "version": "1", "name": "loose", "default": "allow" }"""));
        using IHost host = Build("", before: false, services => services.Replace(ServiceDescriptor.Singleton(loose)));
        await host.StartAsync();
        ToolCallDecision decision = await Get<IToolCallAuthorizer>(host, "").AuthorizeAsync(new ToolCall("x") { GrantId = "ci" });
        Assert.Equal("open", decision.PolicyName);
    }

    [Fact]
    public async Task Health_is_that_of_the_authorizer_that_serves()
    {
        var own = new ToolCallAuthorizer(Policy.Parse("""{ "version": "1", "name": "own", "default": "deny" }"""));
        using IHost host = Build("", before: false, services =>
        {
            services.Replace(ServiceDescriptor.Singleton<IToolCallAuthorizer>(own));
            services.AddHealthChecks().AddPolicyLayer();
        });
        await host.StartAsync();
        HealthReport report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        var policies = (IReadOnlyDictionary<string, string>)report.Entries["PolicyLayer"].Data["policies"];
        Assert.Equal(["own"], policies.Keys);
    }

    private static async Task AssertGrantsAsync(IHost host, string name)
    {
        await host.StartAsync();
        IToolCallAuthorizer authorizer = Get<IToolCallAuthorizer>(host, name);
        Assert.Equal(DecisionCode.Allowed, (await authorizer.AuthorizeAsync(new ToolCall("x") { GrantId = "ci" })).Code);
        Assert.Equal(DecisionCode.GrantUnknown, (await authorizer.AuthorizeAsync(new ToolCall("x") { GrantId = "other" })).Code);
    }

    private static async Task AssertStopsAsync<T>(string name, string? key)
        where T : class
    {
        using IHost host = Build(name, before: true, services => _ = key is null
            ? services.AddSingleton<T>(_ => null!)
            : services.AddKeyedSingleton<T>(key, (_, _) => null!));
        Assert.Contains($"`{typeof(T)}` is registered and yields nothing.", await FailAsync(host), StringComparison.Ordinal);
    }

    private static async Task AssertContendAsync<T>(string? key, Func<T> create)
        where T : class
    {
        using IHost host = Build("x", before: true, services =>
        {
            Add(services, key, create());
            Add(services, key, create());
        });
        Assert.Contains($"`x`: `{typeof(T)}` is registered more than once.", await FailAsync(host), StringComparison.Ordinal);
    }

    private static async Task<string> FailAsync(IHost host) =>
        (await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync())).Message;

    private static void Add<T>(IServiceCollection services, string? key, T instance)
        where T : class => _ = key is null ? services.AddSingleton(instance) : services.AddKeyedSingleton(key, instance);

    private static T Get<T>(IHost host, string name)
        where T : class => name.Length == 0 ? host.Services.GetRequiredService<T>() : host.Services.GetRequiredKeyedService<T>(name);

    private static IHost Build(string name, bool before, Action<IServiceCollection> register)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        if (before)
        {
            register(builder.Services);
        }

        builder.Services.AddPolicyLayer(name, options => options.UsePolicyJson(Open));
        if (!before)
        {
            register(builder.Services);
        }

        return builder.Build();
    }
}
