using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PolicyLayer.Approvals;
using PolicyLayer.Counters;
using PolicyLayer.Grants;

namespace PolicyLayer.Extensions.DependencyInjection;

/// <summary>
/// Remembers the collection that a container is made of, to say at start where two registrations of one name contend: a container hands
/// out the last in silence, and the other is taken for the one in force. A registration that was replaced is no contender.
/// </summary>
internal sealed class PolicyLayerRegistrations
{
    private readonly IServiceCollection _services;
    private readonly ServiceDescriptor _defaultStore = ServiceDescriptor.Singleton<ICounterStore, InMemoryCounterStore>();
    private readonly ServiceDescriptor _directory;
    private readonly ServiceDescriptor _resolver;

    public PolicyLayerRegistrations(IServiceCollection services, string name)
    {
        _services = services;
        Name = name;
        _directory = NamedServices.Singleton<GrantDirectory>(name, GetDirectory);
        _resolver = NamedServices.Singleton<IGrantResolver>(name, GetDirectory);
    }

    /// <summary>The name of the authorizer; empty for the one without.</summary>
    public string Name { get; }

    /// <summary>Where relative paths start in a container without a host.</summary>
    public string BasePath { get; } = Environment.CurrentDirectory;

    /// <summary>
    /// Counters in memory, and the directory that a document of grants fills, unless the host has registered its own; what it registers
    /// later takes their place.
    /// </summary>
    public void AddDefaults()
    {
        if (!_services.Any(descriptor => descriptor.ServiceType == typeof(ICounterStore) && !descriptor.IsKeyedService))
        {
            _services.Add(_defaultStore);
        }

        if (Count(typeof(GrantDirectory)) == 0)
        {
            _services.Add(_directory);
        }

        if (Count(typeof(IGrantResolver)) == 0)
        {
            _services.Add(_resolver);
        }
    }

    /// <summary>What contends, each in a sentence with a way out.</summary>
    public IEnumerable<string> FindContentions(PolicyLayerOptions options)
    {
        if (Count(typeof(IToolCallAuthorizer)) > 1)
        {
            yield return $"`{typeof(IToolCallAuthorizer)}` is registered beside the one of `AddPolicyLayer`. Help: leave the other "
                + "registration out, or put it in the place of this one by `services.Replace` after `AddPolicyLayer`.";
        }

        foreach (Type service in (Type[])[typeof(IGrantResolver), typeof(IApprovalStore), typeof(IApprovalNotifier)])
        {
            if (Count(service) > 1)
            {
                yield return $"`{service}` is registered more than once. Help: leave one registration.";
            }
        }

        if (Count(typeof(ICounterStore)) > 1)
        {
            yield return $"`{typeof(ICounterStore)}` is registered more than once. Help: leave one registration, or name the store by "
                + "`UseCounterStore` after all others.";
        }

        foreach (Type service in (Type[])[typeof(GrantDirectory), typeof(IGrantResolver)])
        {
            if (options.HasGrants && Count(service) > 0)
            {
                yield return $"`{service}` is registered, and a document has grants too ("
                    + $"`{nameof(PolicyLayerOptions)}.{nameof(PolicyLayerOptions.GrantsFile)}` or "
                    + $"`{nameof(PolicyLayerOptions.UseGrants)}`). Help: leave one of them out.";
            }
        }
    }

    /// <summary>Whether the host has grants: then no call has one by default.</summary>
    public bool HasGrants(PolicyLayerOptions options, IServiceProvider provider) =>
        options.HasGrants
        || Count(typeof(IGrantResolver)) > 0
        || (Name != Options.DefaultName && provider.GetService<IGrantResolver>() is not null);

    // None is made where no document has grants: then there is no such service. A factory may say so by null.
    private GrantDirectory GetDirectory(IServiceProvider provider) => PolicyLoader.Of(provider, Name).Grants!;

    // Services of another key are handed out to those alone who ask for the key.
    private int Count(Type service) => _services.Count(descriptor =>
        descriptor.ServiceType == service
        && descriptor.IsOf(Name)
        && descriptor != _defaultStore
        && descriptor != _directory
        && descriptor != _resolver);
}
