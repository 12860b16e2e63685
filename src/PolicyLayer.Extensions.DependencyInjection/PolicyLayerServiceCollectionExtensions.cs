using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
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
/// <remarks>
/// <para>
/// Registered are <see cref="IToolCallAuthorizer"/>, <see cref="ToolCallAuthorizer"/> and <see cref="ApprovalInbox"/> as singletons, and
/// <see cref="GrantDirectory"/> where a document has grants which the call of <c>AddPolicyLayer</c> names itself: to know that, it runs
/// <c>configure</c>, or reads the section, once more. Other hosts register an <see cref="IGrantResolver"/>, or a
/// <see cref="GrantDirectory"/>, which serves where there is no resolver. That, the <see cref="ICounterStore"/>, the
/// <see cref="IApprovalStore"/>, the <see cref="IApprovalNotifier"/>, the audit sinks, the
/// <see cref="TimeProvider"/> and the <see cref="PolicyLayerKeys"/> come from the container; without them any grant is taken, counters and
/// approvals are in memory, nobody is told of requests, nothing is recorded, the clock is the system's, and digests are made without keys.
/// An <see cref="IFaultListener"/> of the container hears of faults; without one they are logged, of each kind at each place one a second
/// at most.
/// </para>
/// <para>
/// Authorizers of a name have it as the key of all of these and as the name of their options. What isn't registered with the name as its
/// key they take from the registrations without one: the store, the resolver (and the document of the authorizer without a name), the
/// inbox' store, the notifier, the clock, the keys and the listener each, the sinks together. On a store that they share
/// policies have different names.
/// </para>
/// <para>
/// Policies and grants are loaded once, when the host starts or the first service is asked for. A document that can't be loaded, or an
/// option out of range, is an <see cref="OptionsValidationException"/> whose message has every finding. So is another authorizer or inbox
/// of the same name that is registered besides, before or after, and a second store, resolver, directory or notifier: one would win in
/// silence. So is a registration of one of these that yields null. What shall take the place of a registration is put there by
/// <c>Replace</c>. The files are watched from then on until the container is disposed, unless <see cref="PolicyLayerOptions.Reload"/> is
/// false; <see cref="ToolCallAuthorizer.Policies"/> says what is in force.
/// </para>
/// </remarks>
public static class PolicyLayerServiceCollectionExtensions
{
    /// <summary>Registers the authorizer without a name.</summary>
    /// <param name="services">The collection.</param>
    /// <param name="configure">Names the policies and sets limits. It may be called more than once.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="InvalidOperationException">The collection has this authorizer already.</exception>
    public static PolicyLayerBuilder AddPolicyLayer(this IServiceCollection services, Action<PolicyLayerOptions> configure) =>
        services.AddPolicyLayer(Options.Options.DefaultName, configure);

    /// <summary>Registers the authorizer without a name, with the policy of a file.</summary>
    /// <param name="services">The collection.</param>
    /// <param name="policyFile">The path of the policy; see <see cref="PolicyLayerOptions.PolicyFile"/>.</param>
    /// <exception cref="ArgumentException">An argument is null, or the path is empty.</exception>
    /// <exception cref="InvalidOperationException">The collection has this authorizer already.</exception>
    public static PolicyLayerBuilder AddPolicyLayer(this IServiceCollection services, string policyFile)
    {
        ArgumentException.ThrowIfNullOrEmpty(policyFile);
        return services.AddPolicyLayer(options => options.UsePolicyFile(policyFile));
    }

    /// <summary>Registers the authorizer without a name, by a section of the host's configuration.</summary>
    /// <remarks>
    /// A key that is no option, and a value that can't be read, stop the host with the key's path. What the configuration says is read
    /// once: a change of it isn't followed.
    /// </remarks>
    /// <param name="services">The collection.</param>
    /// <param name="configuration">The section, as of <c>Configuration.GetSection("PolicyLayer")</c>.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="InvalidOperationException">The collection has this authorizer already.</exception>
    public static PolicyLayerBuilder AddPolicyLayer(this IServiceCollection services, IConfiguration configuration) =>
        services.AddPolicyLayer(Options.Options.DefaultName, configuration);

    /// <summary>Registers an authorizer of a name, by a section of the host's configuration; see the overload without a name.</summary>
    /// <param name="services">The collection.</param>
    /// <param name="name">The name, which is the key of its services; empty for the one without.</param>
    /// <param name="configuration">The section.</param>
    /// <exception cref="ArgumentException">An argument is null, or the name is that of a JSON file.</exception>
    /// <exception cref="InvalidOperationException">The collection has an authorizer of the name already.</exception>
    public static PolicyLayerBuilder AddPolicyLayer(this IServiceCollection services, string name, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return services.AddPolicyLayer(name, options => ConfigurationReading.Read(configuration, options));
    }

    /// <summary>Registers an authorizer of a name.</summary>
    /// <param name="services">The collection.</param>
    /// <param name="name">The name, which is the key of its services; empty for the one without.</param>
    /// <param name="configure">Names the policies and sets limits. It may be called more than once.</param>
    /// <exception cref="ArgumentException">An argument is null, or the name is that of a JSON file.</exception>
    /// <exception cref="InvalidOperationException">The collection has an authorizer of the name already.</exception>
    public static PolicyLayerBuilder AddPolicyLayer(
        this IServiceCollection services, string name, Action<PolicyLayerOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(configure);
        if (name.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
        {
            throw new ArgumentException(
                $"`{name}` would be the key of a further authorizer, not the file of its policy. Help: "
                + $"`AddPolicyLayer(options => {{ options.PolicyFile = \"{name}\"; … }})`.",
                nameof(name));
        }

        if (services.Any(descriptor => descriptor.ServiceType == typeof(PolicyLayerRegistrations) && descriptor.IsOf(name)))
        {
            string call = name.Length == 0 ? "`AddPolicyLayer`" : $"`AddPolicyLayer` of the name `{name}`";
            throw new InvalidOperationException(
                $"{call} was called before, and one of the two would be ignored. Help: call it once for each name; options are added to by "
                + "`services.Configure<PolicyLayerOptions>`.");
        }

        var registrations = new PolicyLayerRegistrations(services, name);
        services.Add(NamedServices.Singleton(name, _ => registrations));
        services.AddOptions<PolicyLayerOptions>(name).Configure(configure).ValidateOnStart();
        services.Add(NamedServices.Singleton(name, provider => new PolicyLoader(registrations, provider)));
        services.AddSingleton<IValidateOptions<PolicyLayerOptions>>(provider => provider.GetOfName<PolicyLoader>(name)!);
        services.TryAddSingleton<DefaultCounters>();
        if (NamesGrants(configure))
        {
            registrations.AddDirectory();
        }

        services.TryAddSingleton<IFaultListener>(
            provider => new FaultLog(provider.GetService<ILoggerFactory>(), provider.GetService<TimeProvider>() ?? TimeProvider.System));
        services.Add(NamedServices.Singleton(name, provider => new RunningAuthorizer(provider, name)));
        services.Add(NamedServices.Singleton(name, provider => provider.GetOfName<RunningAuthorizer>(name)!.Authorizer));
        services.Add(NamedServices.Singleton<IToolCallAuthorizer>(
            name, provider => provider.GetOfName<RunningAuthorizer>(name)!.Authorizer));
        services.Add(NamedServices.Singleton(name, provider => provider.GetOfName<RunningAuthorizer>(name)!.Authorizer.Approvals));
        services.AddSingleton<IHostedService>(provider => new AuthorizerStart(provider, name));
        return new PolicyLayerBuilder(services, name);
    }

    private static bool NamesGrants(Action<PolicyLayerOptions> configure)
    {
        var options = new PolicyLayerOptions();
        try
        {
            configure(options);
        }
        catch (Exception)
        {
            // It fails again where the options are read, and stops the host there.
        }

        return options.HasGrants;
    }
}
