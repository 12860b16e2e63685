using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using PolicyLayer.Auditing;
using PolicyLayer.Counters;
using PolicyLayer.Extensions.DependencyInjection;
using PolicyLayer.Telemetry;

namespace PolicyLayer.Tests.DependencyInjection;

public sealed class AddPolicyLayerTests
{
    private const string OncePerMinute = """
        { "version": "1", "name": "first", "default": "deny",
          "tools": { "run_code": { "limits": [ { "counter": "c", "window": "minute", "max": 1 } ] } } }
        """;

    private const string AllowAll = """{ "version": "1", "name": "second", "default": "allow" }""";

    [Fact]
    public async Task A_generic_host_judges_through_the_injected_authorizer_with_its_own_counter_store()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddPolicyLayer(options => options.UsePolicyJson(OncePerMinute)).UseCounterStore<RefusingStore>();
        using IHost host = builder.Build();
        await host.StartAsync();

        var authorizer = host.Services.GetRequiredService<IToolCallAuthorizer>();
        ToolCallDecision decision = await authorizer.AuthorizeAsync(new ToolCall("run_code") { GrantId = "ci" });

        Assert.Equal(DecisionCode.LimitExceeded, decision.Code);
        Assert.Equal(TimeSpan.FromMilliseconds(7), decision.RetryAfter);
        await host.StopAsync();
    }

    [Fact]
    public async Task A_store_instance_takes_the_place_of_every_other_and_is_not_disposed()
    {
        var store = new RefusingStore();
        var services = new ServiceCollection();
        services.AddSingleton<ICounterStore, InMemoryCounterStore>();
        services.AddPolicyLayer(options => options.UsePolicyJson(OncePerMinute)).UseCounterStore(store);
        await using (ServiceProvider provider = services.BuildServiceProvider())
        {
            await AssertCodeAsync(provider, DecisionCode.LimitExceeded);
            Assert.Same(store, Assert.Single(provider.GetServices<ICounterStore>()));
        }

        Assert.False(store.IsDisposed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_store_from_the_container_is_used_whether_registered_before_or_after(bool before)
    {
        var services = new ServiceCollection();
        if (before)
        {
            services.AddSingleton<ICounterStore, RefusingStore>();
        }

        services.AddPolicyLayer(options => options.UsePolicyJson(OncePerMinute));
        if (!before)
        {
            services.AddSingleton<ICounterStore, RefusingStore>();
        }

        await using ServiceProvider provider = services.BuildServiceProvider();
        await AssertCodeAsync(provider, DecisionCode.LimitExceeded);
    }

    [Fact]
    public async Task Without_a_store_counters_are_in_memory_and_the_clock_is_the_containers()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(clock);
        services.AddPolicyLayer(options => options.UsePolicyJson(OncePerMinute));
        await using ServiceProvider provider = services.BuildServiceProvider(validateScopes: true);

        await AssertCodeAsync(provider, DecisionCode.Allowed);
        await AssertCodeAsync(provider, DecisionCode.LimitExceeded);
        clock.Advance(TimeSpan.FromMinutes(1));
        await AssertCodeAsync(provider, DecisionCode.Allowed);
    }

    [Fact]
    public async Task Values_are_digested_with_the_containers_keys()
    {
        string withA = await DigestWithAsync(1);

        Assert.Equal(withA, await DigestWithAsync(1));
        Assert.NotEqual(withA, await DigestWithAsync(2));
        Assert.NotEqual(withA, await DigestWithAsync(seed: null));
    }

    [Fact]
    public async Task Every_sink_of_the_container_has_every_record()
    {
        var own = new InMemoryAuditSink();
        var services = new ServiceCollection();
        services.AddPolicyLayer(options => options.UsePolicyJson(AllowAll)).AddAuditSink(own).AddAuditSink<CountingSink>();
        await using ServiceProvider provider = services.BuildServiceProvider();

        await AssertCodeAsync(provider, DecisionCode.Allowed);

        Assert.Equal("run_code", Assert.Single(own.Records).Tool);
        Assert.Equal(1, provider.GetServices<IAuditSink>().OfType<CountingSink>().Single().Count);
    }

    [Fact]
    public async Task The_authorizer_is_a_singleton_that_says_what_is_in_force()
    {
        var services = new ServiceCollection();
        services.AddPolicyLayer(options => options.UsePolicyJson(AllowAll));
        await using ServiceProvider provider = services.BuildServiceProvider();

        var authorizer = provider.GetRequiredService<ToolCallAuthorizer>();
        Assert.Same(authorizer, provider.GetRequiredService<IToolCallAuthorizer>());
        Assert.Equal("second", Assert.Single(authorizer.Policies).Name);
        Assert.Null(provider.GetService<Policy>());
        await authorizer.ReloadAsync(new PolicyBundle([Policy.Parse(OncePerMinute)]));
        Assert.Equal("first", Assert.Single(provider.GetRequiredService<ToolCallAuthorizer>().Policies).Name);
    }

    [Fact]
    public async Task Options_are_added_to_by_configuring_them()
    {
        var services = new ServiceCollection();
        services.AddPolicyLayer(options => options.UsePolicyJson(AllowAll));
        services.Configure<PolicyLayerOptions>(options => options.MaxArgumentsBytes = 2);
        await using ServiceProvider provider = services.BuildServiceProvider();

        var authorizer = Assert.Single(provider.GetServices<IToolCallAuthorizer>());
        ToolCallDecision tooLarge = await authorizer.AuthorizeAsync(new ToolCall("x", ToolArguments.FromJson("{ }")) { GrantId = "ci" });
        Assert.Equal(DecisionCode.ArgumentsTooLarge, tooLarge.Code);
    }

    [Fact]
    public async Task Options_are_bound_to_a_configuration()
    {
        string file = Path.Combine(AppContext.BaseDirectory, "schema", "examples", "stellify.json");
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["PolicyLayer:PolicyFile"] = Path.GetRelativePath(Environment.CurrentDirectory, file),
            ["PolicyLayer:PolicyLoad:Name"] = "bound",
            ["PolicyLayer:DefaultGrantId"] = "everybody",
            ["PolicyLayer:MaxArgumentsBytes"] = "10",
        }).Build();
        var services = new ServiceCollection();
        services.AddPolicyLayer(options => configuration.GetSection("PolicyLayer").Bind(options));
        await using ServiceProvider provider = services.BuildServiceProvider();

        var authorizer = provider.GetRequiredService<IToolCallAuthorizer>();
        Assert.True((await authorizer.AuthorizeAsync(new ToolCall("run_code"))).IsAllowed);
        ToolCallDecision tooLarge = await authorizer.AuthorizeAsync(new ToolCall("run_code", ToolArguments.FromJson("""{"a":12345}""")));
        Assert.Equal((DecisionCode.ArgumentsTooLarge, "bound", "everybody"), (tooLarge.Code, tooLarge.PolicyName, tooLarge.GrantId));
    }

    [Fact]
    public async Task A_log_is_written_with_the_keys_and_the_clock_of_the_container()
    {
        string file = Path.GetTempFileName();
        var keys = new PolicyLayerKeys("k1", new Dictionary<string, byte[]> { ["k1"] = new byte[32] });
        var clock = new FakeTimeProvider();
        JsonLinesAuditSinkOptions? configured = null;
        var services = new ServiceCollection();
        services.AddSingleton(keys).AddSingleton<TimeProvider>(clock);
        services.AddPolicyLayer(options => options.UsePolicyJson(AllowAll)).AddAuditLog(file, options => configured = options);
        await using (ServiceProvider provider = services.BuildServiceProvider())
        {
            await provider.GetRequiredService<IToolCallAuthorizer>().AuthorizeAsync(new ToolCall("x") { GrantId = "ci" });
            Assert.Same(clock, configured!.TimeProvider);
        }

        AuditVerification verified = await new AuditLogVerifier { Keys = keys }.VerifyAsync([file]);
        Assert.Equal((true, 1), (verified.IsGood, verified.Records));
        File.Delete(file);
    }

    [Fact]
    public void A_container_disposes_a_sink_that_it_made_though_it_is_disposed_synchronously()
    {
        string file = Path.GetTempFileName();
        var services = new ServiceCollection();
        services.AddPolicyLayer(options => options.UsePolicyJson(AllowAll));
        services.AddSingleton<IAuditSink>(_ => new JsonLinesAuditSink(file));
        using (ServiceProvider provider = services.BuildServiceProvider())
        {
            _ = provider.GetRequiredService<IToolCallAuthorizer>();
            Assert.Throws<IOException>(() => new JsonLinesAuditSink(file));
        }

        new JsonLinesAuditSink(file).Dispose();
        File.Delete(file);
    }

    [Fact]
    public async Task Limits_and_load_options_reach_the_authorizer()
    {
        var services = new ServiceCollection();
        services.AddPolicyLayer(options =>
        {
            options.UsePolicyJson(OncePerMinute);
            options.PolicyLoad.Name = "renamed";
            options.MaxArgumentsDepth = 1;
            options.MaxOpenCalls = 1;
        });
        await using ServiceProvider provider = services.BuildServiceProvider();

        var authorizer = provider.GetRequiredService<IToolCallAuthorizer>();
        ToolCallDecision tooDeep = await authorizer.AuthorizeAsync(
            new ToolCall("run_code", ToolArguments.FromJson("{\"a\":{}}")) { GrantId = "ci" });
        Assert.Equal(DecisionCode.ArgumentsTooLarge, tooDeep.Code);
        Assert.Equal("renamed", tooDeep.PolicyName);

        ToolCallDecision first = await authorizer.AuthorizeAsync(new ToolCall("run_code") { GrantId = "a" });
        ToolCallDecision second = await authorizer.AuthorizeAsync(new ToolCall("run_code") { GrantId = "b" });
        await authorizer.CompleteAsync(first, ToolCallOutcome.NotExecuted);
        await authorizer.CompleteAsync(second, ToolCallOutcome.NotExecuted);
        Assert.False((await authorizer.AuthorizeAsync(new ToolCall("run_code") { GrantId = "a" })).IsAllowed);
        Assert.True((await authorizer.AuthorizeAsync(new ToolCall("run_code") { GrantId = "b" })).IsAllowed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_fault_reaches_the_listener_of_the_container(bool before)
    {
        var listener = new FaultList();
        var services = new ServiceCollection();
        if (before)
        {
            services.AddSingleton<IFaultListener>(listener);
        }

        services.AddPolicyLayer(options => options.UsePolicyJson(OncePerMinute)).UseCounterStore(new BrokenStore());
        if (!before)
        {
            services.AddSingleton<IFaultListener>(listener);
        }

        await using ServiceProvider provider = services.BuildServiceProvider();
        await AssertCodeAsync(provider, DecisionCode.CounterStoreUnavailable);
        Assert.Equal("no route", Assert.Single(listener.Faults).Exception?.Message);
    }

    [Fact]
    public async Task Without_a_listener_faults_are_logged()
    {
        var log = new LogList();
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddProvider(log));
        services.AddPolicyLayer(options => options.UsePolicyJson(OncePerMinute)).UseCounterStore(new BrokenStore());
        await using ServiceProvider provider = services.BuildServiceProvider();
        await AssertCodeAsync(provider, DecisionCode.CounterStoreUnavailable);
        Assert.Matches("^Error CounterReserve failed at Counters for decision [0-9a-f]+-[0-9a-f]+: System.IO.IOException$", log.Lines[^1]);
    }

    private static async Task AssertCodeAsync(IServiceProvider provider, DecisionCode expected)
    {
        var authorizer = provider.GetRequiredService<IToolCallAuthorizer>();
        Assert.Equal(expected, (await authorizer.AuthorizeAsync(new ToolCall("run_code") { GrantId = "ci" })).Code);
    }

    private sealed class RefusingStore : ICounterStore, IDisposable
    {
        public bool IsDisposed { get; private set; }

        public ValueTask<CounterReservation> ReserveAsync(CounterRequest request, CancellationToken cancellationToken = default) =>
            new(CounterReservation.Refused([request[0].MaxMillionths], TimeSpan.FromMilliseconds(7)));

        public ValueTask ReleaseAsync(CounterRelease release, CancellationToken cancellationToken = default) => default;

        public void Dispose() => IsDisposed = true;
    }

    private sealed class CountingSink : IAuditSink
    {
        public int Count { get; private set; }

        public ValueTask WriteAsync(AuditRecord record, CancellationToken cancellationToken = default)
        {
            Count++;
            return default;
        }
    }

    private static async Task<string> DigestWithAsync(byte? seed)
    {
        var counters = new InMemoryCounterStore();
        var services = new ServiceCollection();
        services.AddPolicyLayer(options => options.UsePolicyJson("""
            { "version": "1", "default": "allow",
              "all_tools": { "limits": [{ "counter": "c", "window": "month", "max": 1, "per": "call.tool" }] } }
            """)).UseCounterStore(counters);
        if (seed is { } value)
        {
            byte[] key = [.. Enumerable.Repeat(value, PolicyLayerKeys.KeyLength)];
            services.AddSingleton(new PolicyLayerKeys("k", new Dictionary<string, byte[]> { ["k"] = key }));
        }

        await using ServiceProvider provider = services.BuildServiceProvider();
        await AssertCodeAsync(provider, DecisionCode.Allowed);
        return (await counters.ListAsync().SingleAsync()).Key.Partition!;
    }

    private sealed class FaultList : IFaultListener
    {
        public List<Fault> Faults { get; } = [];

        public void OnFault(Fault fault) => Faults.Add(fault);
    }

    private sealed class BrokenStore : ICounterStore
    {
        public ValueTask<CounterReservation> ReserveAsync(CounterRequest request, CancellationToken cancellationToken = default) =>
            throw new IOException("no route");

        public ValueTask ReleaseAsync(CounterRelease release, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
    }
}
