using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PolicyLayer.Approvals;
using PolicyLayer.Counters;
using PolicyLayer.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace PolicyLayer.Tests.Redis;

public sealed class RegistrationTests
{
    private readonly ServiceCollection _services = new();
    private readonly PolicyLayerBuilder _builder;

    public RegistrationTests()
    {
        _builder = _services.AddPolicyLayer(options => options.UsePolicyJson("""{ "version": "1", "default": "allow" }"""));
    }

    [Fact]
    public void Takes_the_place_of_another_store()
    {
        _builder.UseRedisCounters(options => options.KeyPrefix = "x:");
        ServiceDescriptor only = Assert.Single(_services, service => service.ServiceType == typeof(ICounterStore));
        Assert.Equal(ServiceLifetime.Singleton, only.Lifetime);
        Assert.NotEqual(typeof(InMemoryCounterStore), only.ImplementationType);
    }

    [Fact]
    public void Options_out_of_range_are_refused_at_once() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => _builder.UseRedisCounters(options => options.Deadline = TimeSpan.Zero));

    [Fact]
    public void Takes_the_place_of_another_approval_store()
    {
        _services.AddSingleton<IApprovalStore>(new InMemoryApprovalStore());
        _builder.UseRedisApprovals(options => options.KeyPrefix = "x:");
        Assert.Single(_services, service => service.ServiceType == typeof(IApprovalStore));
    }

    [Fact]
    public void Approval_options_out_of_range_are_refused_at_once() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => _builder.UseRedisApprovals(options => options.MaxApprovals = 0));

    [Fact]
    public void Without_a_protector_and_keys_the_host_stops_and_says_both_ways_out()
    {
        _builder.UseRedisApprovals();
        using ServiceProvider provider = _services.BuildServiceProvider();
        var failure = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IStartupValidator>().Validate());
        Assert.Contains("`PolicyLayerKeys`", failure.Message, StringComparison.Ordinal);
        Assert.Contains("`ApprovalProtector.Plain`", failure.Message, StringComparison.Ordinal);

        _builder.UseRedisApprovals(options => options.Protector = ApprovalProtector.Plain);
        using ServiceProvider plain = _services.BuildServiceProvider();
        plain.GetRequiredService<IStartupValidator>().Validate();
    }

    /// <summary>Each container its own keys, though they are made of one collection.</summary>
    [RedisFact]
    public async Task The_containers_keys_encrypt_the_contents()
    {
        await using var server = new RedisServer();
        await server.StartAsync(appendFsync: "no");
        await using ConnectionMultiplexer connection = await server.ConnectAsync();
        PolicyLayerKeys keys = RedisApprovalHarness.KeysOf("k1");
        _services.AddSingleton<IConnectionMultiplexer>(connection).AddSingleton(_ => keys);
        _builder.UseRedisApprovals(options => options.Deadline = TimeSpan.FromMinutes(1));
        using (ServiceProvider provider = _services.BuildServiceProvider())
        {
            IApprovalStore store = provider.GetRequiredService<IApprovalStore>();
            await store.AskAsync(RedisApprovals.Request(1, content: "secret"u8.ToArray()));
            Assert.Equal("secret"u8.ToArray(), (await RedisApprovals.FindAsync(store, 1))!.Content.ToArray());
            Assert.DoesNotContain(
                await RedisApprovals.AllBytesAsync(connection), bytes => bytes.AsSpan().IndexOf("secret"u8) >= 0);
        }

        keys = RedisApprovalHarness.KeysOf("k2");
        using ServiceProvider other = _services.BuildServiceProvider();
        Assert.True((await RedisApprovals.FindAsync(other.GetRequiredService<IApprovalStore>(), 1))!.Content.IsEmpty);
    }
}
