using Microsoft.Extensions.DependencyInjection.Extensions;
using PolicyLayer;
using PolicyLayer.Counters;
using PolicyLayer.Extensions.DependencyInjection;
using PolicyLayer.Redis;
using StackExchange.Redis;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Keeps the counters and approvals of <c>AddPolicyLayer</c> in Redis.</summary>
public static class RedisPolicyLayerBuilderExtensions
{
    /// <summary>
    /// Keeps counters in Redis, in place of every store registered before, on the <see cref="IConnectionMultiplexer"/> that the host has
    /// registered.
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
        builder.Services.RemoveAll<ICounterStore>();
        builder.Services.AddSingleton<ICounterStore>(
            provider => new RedisCounterStore(provider.GetRequiredService<IConnectionMultiplexer>(), options));
        return builder;
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
            (provider, protector) => new RedisApprovalStore(
                provider.GetRequiredService<IConnectionMultiplexer>(), options.With(protector)));
    }
}
