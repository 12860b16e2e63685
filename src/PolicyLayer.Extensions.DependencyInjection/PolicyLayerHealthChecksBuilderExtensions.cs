using Microsoft.Extensions.Diagnostics.HealthChecks;
using PolicyLayer.Extensions.DependencyInjection;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds a health check of the tool call authorizer.</summary>
public static class PolicyLayerHealthChecksBuilderExtensions
{
    /// <summary>
    /// Adds the check <c>PolicyLayer</c>, or <c>PolicyLayer.NAME</c>. It fails when no policy is loaded or a store doesn't answer in its
    /// time; it is degraded when the last reload was rejected, or the last write of a required audit sink failed, until the next succeeds.
    /// Nothing is spent or recorded.
    /// </summary>
    /// <remarks>
    /// The data of the result: <c>policies</c>, the revision in force by the name of each; <c>unreachable</c>, the places that
    /// <see cref="PolicyLayer.ToolCallAuthorizer.CheckAsync"/> names; <c>isLastReloadRejected</c>.
    /// </remarks>
    /// <param name="builder">What <c>AddHealthChecks</c> returned.</param>
    /// <param name="name">The name that <c>AddPolicyLayer</c> was called with; empty, the default, for the authorizer without one.</param>
    /// <param name="failureStatus">What a failure is reported as; null for unhealthy.</param>
    /// <param name="tags">The check's tags; null for none.</param>
    /// <param name="timeout">How long the check may take; null for as long as the stores may.</param>
    /// <exception cref="ArgumentNullException">The builder or the name is null.</exception>
    public static IHealthChecksBuilder AddPolicyLayer(
        this IHealthChecksBuilder builder,
        string name = "",
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null,
        TimeSpan? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(name);
        return builder.Add(new HealthCheckRegistration(
            name.Length == 0 ? "PolicyLayer" : $"PolicyLayer.{name}",
            provider => new PolicyLayerHealthCheck(provider, name),
            failureStatus,
            tags,
            timeout));
    }
}
