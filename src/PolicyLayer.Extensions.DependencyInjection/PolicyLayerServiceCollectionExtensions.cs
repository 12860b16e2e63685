using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PolicyLayer;
using PolicyLayer.Approvals;
using PolicyLayer.Auditing;
using PolicyLayer.Counters;
using PolicyLayer.Extensions.DependencyInjection;
using PolicyLayer.Grants;
using PolicyLayer.Telemetry;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the tool call authorizer.</summary>
public static class PolicyLayerServiceCollectionExtensions
{
    /// <summary>
    /// Registers <see cref="IToolCallAuthorizer"/>, <see cref="Policy"/> and <see cref="ApprovalInbox"/> as singletons. The
    /// <see cref="IGrantResolver"/>, the counter store, the <see cref="IApprovalStore"/>, the <see cref="IApprovalNotifier"/>, the audit
    /// sinks, the <see cref="TimeProvider"/> and the <see cref="PolicyLayerKeys"/> come from the container; without them any grant is
    /// taken, counters and approvals are in memory, nobody is told of requests, nothing is recorded, the clock is the system's, and digests
    /// are made without keys. An <see cref="IFaultListener"/> of the container hears of faults; without one they are logged,
    /// of each kind at each place one a second at most.
    /// </summary>
    /// <remarks>
    /// The policy is loaded once, when the host starts or the first service is asked for. A policy that can't be loaded, or an option out
    /// of range, is an <see cref="OptionsValidationException"/> whose message has every finding. So is a <see cref="Policy"/> or an
    /// <see cref="IToolCallAuthorizer"/> that is registered besides, before or after, and a second store, resolver or notifier: one would
    /// win in silence.
    /// What shall take the place of a registration is put there by <c>Replace</c>.
    /// </remarks>
    /// <param name="services">The collection.</param>
    /// <param name="configure">Names the policy and sets limits.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="InvalidOperationException">The collection has been given a policy before.</exception>
    public static PolicyLayerBuilder AddPolicyLayer(this IServiceCollection services, Action<PolicyLayerOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        if (services.Any(descriptor => descriptor.ServiceType == typeof(PolicyLayerRegistrations)))
        {
            throw new InvalidOperationException(
                "`AddPolicyLayer` was called before, and one of the two policies would be ignored. Help: call it once; options are added "
                + "to by `services.Configure<PolicyLayerOptions>`.");
        }

        var registrations = new PolicyLayerRegistrations(services);
        services.AddSingleton(registrations);
        services.AddOptions<PolicyLayerOptions>().Configure(configure).ValidateOnStart();
        services.AddSingleton(provider => new PolicyLoader(registrations, provider.GetService<ILoggerFactory>()));
        services.AddSingleton<IValidateOptions<PolicyLayerOptions>>(provider => provider.GetRequiredService<PolicyLoader>());
        registrations.AddDefaultStore();
        services.TryAddSingleton<IFaultListener>(
            provider => new FaultLog(provider.GetService<ILoggerFactory>(), provider.GetService<TimeProvider>() ?? TimeProvider.System));
        services.AddSingleton(GetPolicy);
        services.AddSingleton(CreateAuthorizer);
        services.AddSingleton<IToolCallAuthorizer>(provider => provider.GetRequiredService<ToolCallAuthorizer>());
        services.AddSingleton(provider => provider.GetRequiredService<ToolCallAuthorizer>().Approvals);
        return new PolicyLayerBuilder(services);
    }

    /// <summary>Registers the authorizer with the policy of a file; see the other overload.</summary>
    /// <param name="services">The collection.</param>
    /// <param name="policyFile">The path of the policy; a relative one starts from the current directory.</param>
    /// <exception cref="ArgumentException">An argument is null, or the path is empty.</exception>
    /// <exception cref="InvalidOperationException">The collection has been given a policy before.</exception>
    public static PolicyLayerBuilder AddPolicyLayer(this IServiceCollection services, string policyFile)
    {
        ArgumentException.ThrowIfNullOrEmpty(policyFile);
        string fullPath = Path.GetFullPath(policyFile);
        return services.AddPolicyLayer(options => options.UsePolicyFile(fullPath));
    }

    private static Policy GetPolicy(IServiceProvider provider)
    {
        // Reading the options validates them, and that loads the policy.
        _ = provider.GetRequiredService<IOptionsMonitor<PolicyLayerOptions>>().CurrentValue;
        return provider.GetRequiredService<PolicyLoader>().Policy;
    }

    private static ToolCallAuthorizer CreateAuthorizer(IServiceProvider provider)
    {
        ToolCallAuthorizerOptions options =
            provider.GetRequiredService<IOptionsMonitor<PolicyLayerOptions>>().CurrentValue.ToAuthorizerOptions();
        options.Counters = provider.GetRequiredService<ICounterStore>();
        options.Grants = provider.GetService<IGrantResolver>();
        options.Approvals = provider.GetService<IApprovalStore>();
        options.ApprovalNotifier = provider.GetService<IApprovalNotifier>();
        options.FaultListener = provider.GetRequiredService<IFaultListener>();
        options.Keys = provider.GetService<PolicyLayerKeys>();
        options.TimeProvider = provider.GetService<TimeProvider>() ?? TimeProvider.System;
        foreach (IAuditSink sink in provider.GetServices<IAuditSink>())
        {
            options.AuditSinks.Add(sink);
        }

        return new ToolCallAuthorizer(provider.GetRequiredService<Policy>(), options);
    }
}
