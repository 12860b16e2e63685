namespace PolicyLayer.Grants;

/// <summary>Finds the grant that a call names: in memory (<see cref="GrantDirectory"/>), or in an identity system of the host's.</summary>
/// <remarks>
/// Implementations are safe for any number of threads. They are asked anew for every call, so that a grant that was revoked or changed is
/// so for the next call; whoever caches decides how old an answer may be. The authorizer looks at revocation, expiry and policy itself.
/// </remarks>
public interface IGrantResolver
{
    /// <summary>Finds a grant.</summary>
    /// <param name="request">Which one.</param>
    /// <param name="cancellationToken">Gives up; the authorizer stops waiting after a time that its options set, too.</param>
    /// <returns>
    /// The grant with exactly the id that was asked for, revoked and expired ones included; null when there is none. An exception, an
    /// answer that takes too long or another grant denies the call with <see cref="DecisionCode.GrantResolverUnavailable"/>.
    /// </returns>
    ValueTask<Grant?> ResolveAsync(GrantRequest request, CancellationToken cancellationToken = default);
}
