using PolicyLayer;
using PolicyLayer.Extensions.DependencyInjection;
using PolicyLayer.Redis;
using StackExchange.Redis;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Keeps the counters and approvals of <c>AddPolicyLayer</c> in Redis.</summary>
public static class RedisPolicyLayerBuilderExtensions
{
    /// <summary>
    /// Keeps counters in Redis, in place of every store registered before, on the <see cref="IConnectionMultiplexer"/> that the host has
    /// registered: for an authorizer of a name with it as the key, or else without one.
    /// </summary>
    /// <param name="builder">What <c>AddPolicyLayer</c> returned.</param>
    /// <param name="configure">Sets what else the store works with.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static PolicyLayerBuilder UseRedisCounters(this PolicyLayerBuilder builder, Action<RedisCounterStoreOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new RedisCounterStoreOptions();
        configure?.Invoke(options);
        options.Validate();
        return builder.UseCounterStore(provider => new RedisCounterStore(builder.ConnectionOf(provider), options));
    }

    /// <summary>
    /// Keeps approvals in Redis, in place of every store registered before, on the <see cref="IConnectionMultiplexer"/> that the host has
    /// registered. Where the options name no protector, contents are encrypted with the <see cref="PolicyLayerKeys"/> of the container;
    /// without keys the host stops at its start.
    /// </summary>
    /// <param name="builder">What <c>AddPolicyLayer</c> returned.</param>
    /// <param name="configure">Sets what else the store works with.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static PolicyLayerBuilder UseRedisApprovals(
        this PolicyLayerBuilder builder, Action<RedisApprovalStoreOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new RedisApprovalStoreOptions();
        configure?.Invoke(options);
        options.Validate();
        return builder.UseApprovalStore(
            options.Protector,
            (provider, protector) => new RedisApprovalStore(builder.ConnectionOf(provider), options.With(protector)));
    }

    // An authorizer of a name may have a server of its own.
    private static IConnectionMultiplexer ConnectionOf(this PolicyLayerBuilder builder, IServiceProvider provider) =>
        (builder.Name.Length == 0 ? null : provider.GetKeyedService<IConnectionMultiplexer>(builder.Name))
            ?? provider.GetRequiredService<IConnectionMultiplexer>();
}
