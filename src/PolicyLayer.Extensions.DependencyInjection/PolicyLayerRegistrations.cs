using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PolicyLayer.Approvals;
using PolicyLayer.Counters;
using PolicyLayer.Grants;

namespace PolicyLayer.Extensions.DependencyInjection;

/// <summary>
/// Remembers the collection that a container is made of: to find what serves an authorizer, and to say at start where two registrations
/// contend. A container hands out the last in silence, and the other is taken for the one in force. A registration that was replaced is no
/// contender.
/// </summary>
internal sealed class PolicyLayerRegistrations(IServiceCollection services, string name)
{
    private static readonly Type[] Used =
        [typeof(IGrantResolver), typeof(GrantDirectory), typeof(IApprovalStore), typeof(IApprovalNotifier), typeof(ICounterStore)];

    private static readonly Type[] Made = [typeof(IToolCallAuthorizer), typeof(ToolCallAuthorizer), typeof(ApprovalInbox)];

    /// <summary>From where registrations serve: the name's own, those of any key, those without a key, and none.</summary>
    private enum Nearness
    {
        Own,
        AnyKey,
        NoKey,
        None,
    }

    /// <summary>The name of the authorizer; empty for the one without.</summary>
    public string Name => name;

    /// <summary>Where relative paths start in a container without a host.</summary>
    public string BasePath { get; } = Environment.CurrentDirectory;

    /// <summary>
    /// Has the container hand out the directory that a document of grants fills. Only where there is a document: a registration that
    /// yields nothing would hide one that the host tries to add.
    /// </summary>
    public void AddDirectory()
    {
        if (!services.Any(descriptor => descriptor.ServiceType == typeof(GrantDirectory) && descriptor.IsOf(name)))
        {
            services.Add(new DocumentDirectory(name));
        }
    }

    /// <summary>What contends, each in a sentence with a way out.</summary>
    public IEnumerable<string> FindContentions(PolicyLayerOptions options) =>
        [.. FindMadeTwice(), .. FindUsedTwice(), .. FindGrantsTwice(options)];

    /// <summary>Whether the host has grants: then no call has one by default.</summary>
    public bool HasGrants(PolicyLayerOptions options, IServiceProvider provider) =>
        options.HasGrants
        || Serving(typeof(IGrantResolver)).Length > 0
        || Serving(typeof(GrantDirectory)).Length > 0
        || FindSharedDocument(provider) is not null;

    /// <summary>
    /// Who says who may call where no document of the name does: the nearest resolver or directory, a resolver where both are as near. Null
    /// where nothing is registered.
    /// </summary>
    /// <exception cref="OptionsValidationException">One is registered and yields nothing.</exception>
    public IGrantResolver? FindGrants(IServiceProvider provider) =>
        NearnessOf(typeof(GrantDirectory)) < NearnessOf(typeof(IGrantResolver))
            ? Find<GrantDirectory>(provider)
            : Find<IGrantResolver>(provider) ?? Find<GrantDirectory>(provider) ?? FindSharedDocument(provider);

    /// <summary>The service that serves the authorizer; null where none is registered.</summary>
    /// <exception cref="OptionsValidationException">One is registered and yields nothing.</exception>
    public T? Find<T>(IServiceProvider provider)
        where T : class
    {
        Nearness nearness = NearnessOf(typeof(T));
        T? found = nearness < Nearness.NoKey ? provider.GetOfName<T>(name) : provider.FindOfName<T>(name);
        if (found is null && nearness < Nearness.None)
        {
            string prefix = name == Options.DefaultName ? "" : $"`{name}`: ";
            throw new OptionsValidationException(
                name,
                typeof(PolicyLayerOptions),
                [$"{prefix}`{typeof(T)}` is registered and yields nothing. Help: have its factory yield one, or leave it out."]);
        }

        return found;
    }

    private IEnumerable<string> FindMadeTwice() => Made
        .Where(service => services.Count(descriptor => descriptor.ServiceType == service && descriptor.IsOf(name)) > 1)
        .Select(service => $"`{service}` is registered beside the one of `AddPolicyLayer`. Help: leave the other registration out, or put "
            + "it in the place of this one by `services.Replace` after `AddPolicyLayer`.");

    private IEnumerable<string> FindUsedTwice() => Used
        .Where(service => Serving(service).Length > 1)
        .Select(service => $"`{service}` is registered more than once. Help: leave one registration" + (service == typeof(ICounterStore)
            ? ", or name the store by `UseCounterStore` after all others."
            : "."));

    private IEnumerable<string> FindGrantsTwice(PolicyLayerOptions options)
    {
        foreach (Type service in (Type[])[typeof(GrantDirectory), typeof(IGrantResolver)])
        {
            if (options.HasGrants && NearnessOf(service) == NearnessOfOwn)
            {
                yield return $"`{service}` is registered, and a document has grants too ("
                    + $"`{nameof(PolicyLayerOptions)}.{nameof(PolicyLayerOptions.GrantsFile)}` or "
                    + $"`{nameof(PolicyLayerOptions.UseGrants)}`). Help: leave one of them out.";
            }
        }

        // What the host tried to add was passed over for the sake of the document.
        if (!options.HasGrants && services.Any(descriptor => descriptor is DocumentDirectory && descriptor.IsOf(name)))
        {
            yield return "A document of grants was named in `AddPolicyLayer` and taken away by what configures the options after it. Help: "
                + "leave one of them out.";
        }
    }

    private Nearness NearnessOfOwn => name == Options.DefaultName ? Nearness.NoKey : Nearness.Own;

    private Nearness NearnessOf(Type service)
    {
        ServiceDescriptor? first = Serving(service).FirstOrDefault();
        if (first is null)
        {
            return Nearness.None;
        }

        if (!first.IsKeyedService)
        {
            return Nearness.NoKey;
        }

        return first.IsOf(name) ? Nearness.Own : Nearness.AnyKey;
    }

    /// <summary>The host's registrations of a service that the authorizer may take: the nearest alone.</summary>
    private ServiceDescriptor[] Serving(Type service)
    {
        ServiceDescriptor[] all =
            [.. services.Where(descriptor => descriptor.ServiceType == service && descriptor is not DocumentDirectory)];
        ServiceDescriptor[] own = [.. all.Where(descriptor => descriptor.IsOf(name))];
        if (own.Length > 0 || name == Options.DefaultName)
        {
            return own;
        }

        ServiceDescriptor[] ofAnyKey = [.. all.Where(descriptor => Equals(descriptor.ServiceKey, KeyedService.AnyKey))];
        return ofAnyKey.Length > 0 ? ofAnyKey : [.. all.Where(descriptor => !descriptor.IsKeyedService)];
    }

    // Authorizers of a name share what has no key, and so the document of the one without.
    private GrantDirectory? FindSharedDocument(IServiceProvider provider) =>
        name != Options.DefaultName && provider.GetService<PolicyLoader>() is not null
            ? PolicyLoader.Of(provider, Options.DefaultName).Grants
            : null;

    /// <summary>Told from what the host registers by its type. A factory may say by null that there is none.</summary>
    private sealed class DocumentDirectory(string name) : ServiceDescriptor(
        typeof(GrantDirectory),
        name == Options.DefaultName ? null : name,
        (provider, _) => PolicyLoader.Of(provider, name).Grants!,
        ServiceLifetime.Singleton);
}
