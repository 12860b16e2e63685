using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using PolicyLayer.Approvals;
using PolicyLayer.Auditing;
using PolicyLayer.Counters;

namespace PolicyLayer.Extensions.DependencyInjection;

/// <summary>Registers what an authorizer works with. Not thread-safe, like the collection that it fills.</summary>
/// <remarks>
/// The container disposes what it makes, and never an instance that it was given. A store or sink that needs arguments is registered with
/// a factory: <c>builder.Services.AddSingleton&lt;IAuditSink&gt;(_ => new JsonLinesAuditSink("audit.jsonl"))</c>.
/// </remarks>
public sealed class PolicyLayerBuilder
{
    internal PolicyLayerBuilder(IServiceCollection services)
    {
        Services = services;
    }

    /// <summary>The collection that is being filled.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Keeps counters in a store that the container makes, in place of every store registered before.</summary>
    /// <typeparam name="TStore">The store's type.</typeparam>
    public PolicyLayerBuilder UseCounterStore<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TStore>()
        where TStore : class, ICounterStore
    {
        Services.RemoveAll<ICounterStore>();
        Services.AddSingleton<ICounterStore, TStore>();
        return this;
    }

    /// <summary>Keeps counters in a store of the host's, in place of every store registered before.</summary>
    /// <param name="store">The store; the host disposes it.</param>
    /// <exception cref="ArgumentNullException"><paramref name="store"/> is null.</exception>
    public PolicyLayerBuilder UseCounterStore(ICounterStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        Services.RemoveAll<ICounterStore>();
        Services.AddSingleton(store);
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
        Services.RemoveAll<IApprovalStore>();
        var store = ServiceDescriptor.Singleton(
            provider => create(provider, ApprovalProtection.Find(protector, provider)
                ?? throw new InvalidOperationException(ApprovalProtection.Missing)));
        Services.Add(store);
        Services.AddSingleton<IValidateOptions<PolicyLayerOptions>>(
            provider => new ApprovalProtection(Services, store, protector, provider));
        return this;
    }

    /// <summary>Adds a sink that the container makes, after those registered before. All sinks of the container get every record.</summary>
    /// <typeparam name="TSink">The sink's type.</typeparam>
    public PolicyLayerBuilder AddAuditSink<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TSink>()
        where TSink : class, IAuditSink
    {
        Services.AddSingleton<IAuditSink, TSink>();
        return this;
    }

    /// <summary>Adds a sink of the host's, after those registered before. All sinks of the container get every record.</summary>
    /// <param name="sink">The sink; the host disposes it.</param>
    /// <exception cref="ArgumentNullException"><paramref name="sink"/> is null.</exception>
    public PolicyLayerBuilder AddAuditSink(IAuditSink sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        Services.AddSingleton(sink);
        return this;
    }
}
