using Microsoft.Extensions.DependencyInjection;
using PolicyLayer.Approvals;
using PolicyLayer.Counters;
using PolicyLayer.Extensions.DependencyInjection;
using PolicyLayer.Redis;
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
    public async Task Without_a_protector_and_keys_there_is_no_approval_store()
    {
        await using ConnectionMultiplexer away = await ConnectionMultiplexer.ConnectAsync("127.0.0.1:1,abortConnect=false");
        _services.AddSingleton<IConnectionMultiplexer>(away);
        _builder.UseRedisApprovals();
        using ServiceProvider provider = _services.BuildServiceProvider();
        var fault = Assert.Throws<InvalidOperationException>(provider.GetRequiredService<IApprovalStore>);
        Assert.Equal(
            "An approval's content holds argument values, and there is nothing to encrypt it with. Help: register `PolicyLayerKeys`, "
                + "or set `Protector` to `ApprovalProtector.Plain` to have whoever reads Redis read them too.",
            fault.Message);

        _builder.UseRedisApprovals(options => options.Protector = ApprovalProtector.Plain);
        using ServiceProvider plain = _services.BuildServiceProvider();
        Assert.IsType<RedisApprovalStore>(plain.GetRequiredService<IApprovalStore>());
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
