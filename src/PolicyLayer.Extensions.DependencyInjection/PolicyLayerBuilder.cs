using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PolicyLayer.Approvals;
using PolicyLayer.Auditing;
using PolicyLayer.Counters;
using PolicyLayer.Telemetry;

namespace PolicyLayer.Extensions.DependencyInjection;

/// <summary>Registers what an authorizer works with. Not thread-safe, like the collection that it fills.</summary>
/// <remarks>
/// The container disposes what it makes, and never an instance that it was given. A store or sink that needs arguments is registered with
/// a factory: <c>builder.Services.AddSingleton&lt;IAuditSink&gt;(_ => new MySink("…"))</c>. What this builder registers is of its
/// <see cref="Name"/>: "before" and "every" below mean those of the name.
/// </remarks>
public sealed class PolicyLayerBuilder
{
    internal PolicyLayerBuilder(IServiceCollection services, string name)
    {
        Services = services;
        Name = name;
    }

    /// <summary>
    /// The name that <c>AddPolicyLayer</c> was called with, which is the key of all that this builder registers; empty for the authorizer
    /// without a name, whose services have no key.
    /// </summary>
    public string Name { get; }

    /// <summary>The collection that is being filled.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Keeps counters in a store that the container makes, in place of every store registered before.</summary>
    /// <typeparam name="TStore">The store's type.</typeparam>
    public PolicyLayerBuilder UseCounterStore<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TStore>()
        where TStore : class, ICounterStore
    {
        RemoveAll(typeof(ICounterStore));
        AddSingleton<ICounterStore, TStore>();
        return this;
    }

    /// <summary>Keeps counters in a store of the host's, in place of every store registered before.</summary>
    /// <param name="store">The store; the host disposes it.</param>
    /// <exception cref="ArgumentNullException"><paramref name="store"/> is null.</exception>
    public PolicyLayerBuilder UseCounterStore(ICounterStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        RemoveAll(typeof(ICounterStore));
        AddInstance(store);
        return this;
    }

    /// <summary>Keeps counters in a store that needs arguments, in place of every store registered before.</summary>
    /// <param name="create">Makes the store, which the container disposes.</param>
    /// <exception cref="ArgumentNullException"><paramref name="create"/> is null.</exception>
    public PolicyLayerBuilder UseCounterStore(Func<IServiceProvider, ICounterStore> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        RemoveAll(typeof(ICounterStore));
        Services.Add(NamedServices.Singleton(Name, create));
        return this;
    }

    /// <summary>
    /// Keeps approvals in a store that writes contents of requests down, in place of every store registered before. What protects them is
    /// settled when the host starts: without a protector and without <see cref="PolicyLayerKeys"/> in the container it stops.
    /// </summary>
    /// <param name="protector">
    /// What keeps the contents from whoever reads the store; null for <see cref="ApprovalProtector.Encrypting"/> of the container's keys.
    /// </param>
    /// <param name="create">Makes the store, which the container disposes.</param>
    /// <exception cref="ArgumentNullException"><paramref name="create"/> is null.</exception>
    public PolicyLayerBuilder UseApprovalStore(
        IApprovalProtector? protector, Func<IServiceProvider, IApprovalProtector, IApprovalStore> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        RemoveAll(typeof(IApprovalStore));
        ServiceDescriptor store = NamedServices.Singleton(
            Name,
            provider => create(provider, ApprovalProtection.Find(protector, provider, Name)
                ?? throw new InvalidOperationException(ApprovalProtection.Missing)));
        Services.Add(store);
        Services.AddSingleton<IValidateOptions<PolicyLayerOptions>>(
            provider => new ApprovalProtection(Services, store, protector, provider, Name));
        return this;
    }

    /// <summary>Adds a sink that the container makes, after those registered before. All sinks of the container get every record.</summary>
    /// <typeparam name="TSink">The sink's type.</typeparam>
    public PolicyLayerBuilder AddAuditSink<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TSink>()
        where TSink : class, IAuditSink
    {
        AddSingleton<IAuditSink, TSink>();
        return this;
    }

    /// <summary>Adds a sink of the host's, after those registered before. All sinks of the container get every record.</summary>
    /// <param name="sink">The sink; the host disposes it.</param>
    /// <exception cref="ArgumentNullException"><paramref name="sink"/> is null.</exception>
    public PolicyLayerBuilder AddAuditSink(IAuditSink sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        AddInstance(sink);
        return this;
    }

    /// <summary>
    /// Adds a log, which must have the record of an allow before the call may run. It is opened when the authorizer is made, with the
    /// container's <see cref="PolicyLayerKeys"/>, if it has some, and its clock; see <see cref="JsonLinesAuditSink"/>.
    /// </summary>
    /// <param name="path">The file; a relative path starts from the current directory.</param>
    /// <param name="configure">Sets how to write it, after path, keys and clock are; null leaves all as it is.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is null or empty.</exception>
    public PolicyLayerBuilder AddAuditLog(string path, Action<JsonLinesAuditSinkOptions>? configure)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Services.Add(NamedServices.Singleton<IAuditSink>(Name, provider =>
        {
            var options = new JsonLinesAuditSinkOptions
            {
                Path = path,
                Keys = provider.FindOfName<PolicyLayerKeys>(Name),
                TimeProvider = provider.FindOfName<TimeProvider>(Name) ?? TimeProvider.System,
            };
            configure?.Invoke(options);
            return new JsonLinesAuditSink(options);
        }));
        return this;
    }

    /// <summary>
    /// Adds a sink that the container makes, behind a queue: no call waits for it and none is denied for its sake. See
    /// <see cref="BestEffortAuditSink"/>.
    /// </summary>
    /// <remarks>The container disposes the queue, which writes what waits, and then the sink.</remarks>
    /// <typeparam name="TSink">The sink's type.</typeparam>
    /// <param name="configure">
    /// Sets how to queue. The listener and the clock are the container's before it is called; null leaves all as it is.
    /// </param>
    public PolicyLayerBuilder AddBestEffortAuditSink<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TSink>(
        Action<BestEffortAuditSinkOptions>? configure)
        where TSink : class, IAuditSink
    {
        object key = new();
        Services.AddKeyedSingleton<IAuditSink, TSink>(key);
        return AddQueue(provider => provider.GetRequiredKeyedService<IAuditSink>(key), configure);
    }

    /// <summary>Adds a sink that needs arguments behind a queue; see the overload without.</summary>
    /// <param name="create">Makes the sink, which the container disposes.</param>
    /// <param name="configure">Sets how to queue, as for the other overload.</param>
    /// <exception cref="ArgumentNullException"><paramref name="create"/> is null.</exception>
    public PolicyLayerBuilder AddBestEffortAuditSink(
        Func<IServiceProvider, IAuditSink> create, Action<BestEffortAuditSinkOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(create);
        object key = new();
        Services.AddKeyedSingleton(key, (provider, _) => create(provider));
        return AddQueue(provider => provider.GetRequiredKeyedService<IAuditSink>(key), configure);
    }

    /// <summary>Adds a sink of the host's behind a queue; see the overload without it.</summary>
    /// <param name="sink">The sink; the host disposes it, after the container.</param>
    /// <param name="configure">Sets how to queue, as for the other overload.</param>
    /// <exception cref="ArgumentNullException"><paramref name="sink"/> is null.</exception>
    public PolicyLayerBuilder AddBestEffortAuditSink(IAuditSink sink, Action<BestEffortAuditSinkOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(sink);
        return AddQueue(_ => sink, configure);
    }

    /// <summary>
    /// Logs every record in the category <c>PolicyLayer.Audit</c>, with its parts as structured fields: calls that are denied, or corrected
    /// to a denial, as warnings, the rest as information. Loggers promise nothing, so this denies no call.
    /// </summary>
    public PolicyLayerBuilder AddAuditLogger()
    {
        Services.Add(NamedServices.Singleton<IAuditSink>(Name, provider => new AuditLog(provider.GetService<ILoggerFactory>())));
        return this;
    }

    private PolicyLayerBuilder AddQueue(Func<IServiceProvider, IAuditSink> find, Action<BestEffortAuditSinkOptions>? configure)
    {
        Services.Add(NamedServices.Singleton<IAuditSink>(Name, provider =>
        {
            var options = new BestEffortAuditSinkOptions
            {
                FaultListener = provider.FindOfName<IFaultListener>(Name),
                TimeProvider = provider.FindOfName<TimeProvider>(Name) ?? TimeProvider.System,
            };
            configure?.Invoke(options);
            return new BestEffortAuditSink(find(provider), options);
        }));
        return this;
    }

    private void AddSingleton<
        TService, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TImplementation>()
        where TService : class
        where TImplementation : class, TService => Services.Add(Name == Options.DefaultName
            ? ServiceDescriptor.Singleton<TService, TImplementation>()
            : ServiceDescriptor.KeyedSingleton<TService, TImplementation>(Name));

    // Given as an instance: the container doesn't dispose what it didn't make.
    private void AddInstance<T>(T instance)
        where T : class => Services.Add(Name == Options.DefaultName
            ? ServiceDescriptor.Singleton(instance)
            : ServiceDescriptor.KeyedSingleton(Name, instance));

    private void RemoveAll(Type service)
    {
        foreach (ServiceDescriptor old in Services.Where(old => old.ServiceType == service && old.IsOf(Name)).ToArray())
        {
            Services.Remove(old);
        }
    }
}
