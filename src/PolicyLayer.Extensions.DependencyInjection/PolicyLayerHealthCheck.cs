using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace PolicyLayer.Extensions.DependencyInjection;

/// <summary>Says whether an authorizer can decide. Its words name places, types and policies, and no secret of the host.</summary>
internal sealed class PolicyLayerHealthCheck(IServiceProvider provider, string name) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        HealthStatus failure = context.Registration.FailureStatus;
        if (Find(out ToolCallAuthorizer? authorizer, out string? absence) is not { } running || authorizer is null)
        {
            return new HealthCheckResult(failure, absence);
        }

        IReadOnlyList<string> unreachable = await authorizer.CheckAsync(cancellationToken).ConfigureAwait(false);
        bool isStoreLost = unreachable.Any(place => !place.StartsWith("AuditSinks", StringComparison.Ordinal));
        bool isReloadRejected =
            ReferenceEquals(authorizer, running.Authorizer) && running.Reloader?.LastAttempt is { IsApplied: false };
        var data = new Dictionary<string, object>
        {
            ["policies"] = authorizer.Policies.ToDictionary(policy => policy.Name, policy => policy.Revision),
            ["unreachable"] = unreachable,
            ["isLastReloadRejected"] = isReloadRejected,
        };
        string?[] troubles =
        [
            unreachable.Count == 0 ? null : $"Not reachable: {string.Join(", ", unreachable)}.",
            isReloadRejected ? "The policies and grants were read anew and rejected; what was in force stays so." : null,
        ];
        if (Array.TrueForAll(troubles, trouble => trouble is null))
        {
            return HealthCheckResult.Healthy("Policies are in force, stores and sinks are reachable.", data);
        }

        // A sink is only known to be well again by a write: were the host taken out of service for it, nothing would be written.
        return new HealthCheckResult(
            isStoreLost ? failure : HealthStatus.Degraded, string.Join(' ', troubles.OfType<string>()), exception: null, data);
    }

    private RunningAuthorizer? Find(out ToolCallAuthorizer? authorizer, out string? absence)
    {
        authorizer = null;
        try
        {
            RunningAuthorizer? running = provider.GetOfName<RunningAuthorizer>(name);

            // A host may have put another in its place on purpose. What it wraps one in, none can look into.
            authorizer = provider.GetOfName<IToolCallAuthorizer>(name) as ToolCallAuthorizer ?? running?.Authorizer;
            absence = running is null ? "`AddPolicyLayer` wasn't called for this authorizer." : null;
            return running;
        }
        catch (OptionsValidationException)
        {
            absence = "No policy is loaded: the options or the documents aren't in order.";
        }
        catch (Exception e)
        {
            // What it says may hold a connection's password.
            absence = $"The authorizer can't be made: {e.GetType().FullName}.";
        }

        return null;
    }
}
