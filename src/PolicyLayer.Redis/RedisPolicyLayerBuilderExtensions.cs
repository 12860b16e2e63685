using Microsoft.Extensions.DependencyInjection.Extensions;
using PolicyLayer;
using PolicyLayer.Approvals;
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
    /// registered. Unless a protector is set, contents are encrypted with the container's <see cref="PolicyLayerKeys"/>.
    /// </summary>
    /// <remarks>
    /// Without a protector and keys the store can't be made: an <see cref="InvalidOperationException"/> says so when it is first asked for.
    /// </remarks>
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
        builder.Services.RemoveAll<IApprovalStore>();
        builder.Services.AddSingleton<IApprovalStore>(provider => new RedisApprovalStore(
            provider.GetRequiredService<IConnectionMultiplexer>(), options.With(options.Protector ?? ProtectorOf(provider))));
        return builder;
    }

    private static IApprovalProtector ProtectorOf(IServiceProvider provider) =>
        provider.GetService<PolicyLayerKeys>() is { } keys
            ? ApprovalProtector.Encrypting(keys)
            : throw new InvalidOperationException(
                "An approval's content holds argument values, and there is nothing to encrypt it with. Help: register `PolicyLayerKeys`, "
                    + "or set `Protector` to `ApprovalProtector.Plain` to have whoever reads Redis read them too.");
}
