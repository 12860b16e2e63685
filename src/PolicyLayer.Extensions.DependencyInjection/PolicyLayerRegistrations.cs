using Microsoft.Extensions.DependencyInjection;
using PolicyLayer.Approvals;
using PolicyLayer.Counters;
using PolicyLayer.Grants;

namespace PolicyLayer.Extensions.DependencyInjection;

/// <summary>
/// Remembers the collection that a container is made of, to say at start where two registrations contend: a container hands out the last
/// in silence, and the other is taken for the one in force. A registration that was replaced is no contender.
/// </summary>
internal sealed class PolicyLayerRegistrations(IServiceCollection services)
{
    private readonly ServiceDescriptor _defaultStore = ServiceDescriptor.Singleton<ICounterStore, InMemoryCounterStore>();

    /// <summary>Counters in memory, unless the host has registered a store; one that it registers later takes their place.</summary>
    public void AddDefaultStore()
    {
        if (Count(typeof(ICounterStore)) == 0)
        {
            services.Add(_defaultStore);
        }
    }

    /// <summary>What contends, in a sentence with a way out; null when nothing does.</summary>
    public string? FindContention()
    {
        foreach (Type service in (Type[])[typeof(Policy), typeof(IToolCallAuthorizer)])
        {
            if (Count(service) > 1)
            {
                return $"`{service}` is registered beside the one of `AddPolicyLayer`. Help: leave the other registration out, or put it "
                    + "in the place of this one by `services.Replace` after `AddPolicyLayer`.";
            }
        }

        foreach (Type service in (Type[])[typeof(IGrantResolver), typeof(IApprovalStore), typeof(IApprovalNotifier)])
        {
            if (Count(service) > 1)
            {
                return $"`{service}` is registered more than once. Help: leave one registration.";
            }
        }

        return Count(typeof(ICounterStore)) > 1
            ? $"`{typeof(ICounterStore)}` is registered more than once. Help: leave one registration, or name the store by "
                + "`UseCounterStore` after all others."
            : null;
    }

    /// <summary>Whether the host has grants: then no call has one by default.</summary>
    public bool HasGrants => Count(typeof(IGrantResolver)) > 0;

    // Services with a key are handed out to those alone who ask for the key.
    private int Count(Type service) =>
        services.Count(descriptor => descriptor.ServiceType == service && !descriptor.IsKeyedService && descriptor != _defaultStore);
}
