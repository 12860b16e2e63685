using Microsoft.Extensions.DependencyInjection.Extensions;
using PolicyLayer.Counters;
using PolicyLayer.Redis;
using StackExchange.Redis;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers <see cref="RedisCounterStore"/>.</summary>
public static class RedisCounterServiceCollectionExtensions
{
    /// <summary>
    /// Keeps counters in Redis, in place of whatever store was registered before, on the <see cref="IConnectionMultiplexer"/> that the host
    /// has registered.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets what else the store works with.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static IServiceCollection AddPolicyLayerRedisCounters(
        this IServiceCollection services, Action<RedisCounterStoreOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = new RedisCounterStoreOptions();
        configure?.Invoke(options);
        options.Validate();
        return services.Replace(ServiceDescriptor.Singleton<ICounterStore>(
            provider => new RedisCounterStore(provider.GetRequiredService<IConnectionMultiplexer>(), options)));
    }
}
