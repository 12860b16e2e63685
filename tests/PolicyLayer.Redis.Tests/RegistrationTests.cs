using Microsoft.Extensions.DependencyInjection;
using PolicyLayer.Counters;
using PolicyLayer.Extensions.DependencyInjection;

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
}
