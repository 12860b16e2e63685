namespace PolicyLayer.Grants;

/// <summary>
/// Grants in memory, found by id or by token. They are replaced all at once: a call sees the old ones or the new ones, and none that began
/// afterwards sees the old. Safe for any number of threads.
/// </summary>
public sealed class GrantDirectory : IGrantResolver
{
    private readonly Lock _writing = new();
    private volatile GrantSnapshot _content;

    /// <summary>Makes a directory.</summary>
    /// <param name="grants">The grants; no two of one id or one token.</param>
    /// <exception cref="ArgumentNullException">The list or a grant is null.</exception>
    /// <exception cref="ArgumentException">Two grants have one id or one token.</exception>
    public GrantDirectory(IEnumerable<Grant> grants)
    {
        _content = new GrantSnapshot(grants);
    }

    /// <summary>The grants, in the order in which they were given.</summary>
    public IReadOnlyList<Grant> Grants => _content.Grants;

    /// <summary>The grants of now, and the policies that were published with them.</summary>
    internal GrantSnapshot Snapshot => _content;

    /// <summary>Replaces all grants, with all that was revoked among them: a grant is revoked afterwards if the new one is.</summary>
    /// <param name="grants">The grants; no two of one id or one token.</param>
    /// <exception cref="ArgumentNullException">The list or a grant is null: nothing is replaced.</exception>
    /// <exception cref="ArgumentException">Two grants have one id or one token: nothing is replaced.</exception>
    public void Replace(IEnumerable<Grant> grants)
    {
        lock (_writing)
        {
            _content = _content.With(grants);
        }
    }

    /// <summary>Revokes a grant, for every call from now on.</summary>
    /// <param name="grantId">Its id.</param>
    /// <returns>Whether there is such a grant.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="grantId"/> is null.</exception>
    public bool Revoke(string grantId)
    {
        ArgumentNullException.ThrowIfNull(grantId);
        lock (_writing)
        {
            if (_content.Find(grantId) is null)
            {
                return false;
            }

            _content = _content.With(_content.Grants.Select(grant => grant.Id == grantId ? grant.Revoke() : grant));
            return true;
        }
    }

    /// <summary>Finds a grant by its id.</summary>
    /// <param name="grantId">The id, compared ordinally.</param>
    /// <returns>The grant, in force or not; null when there is none.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="grantId"/> is null.</exception>
    public Grant? Find(string grantId) => _content.Find(grantId);

    /// <summary>
    /// Finds a grant by a bearer token, with one hash and one comparison that takes the same time whether or not there is one. The token is
    /// kept nowhere.
    /// </summary>
    /// <param name="token">The token, as the caller sent it.</param>
    /// <returns>The grant, in force or not: the authorizer denies what isn't. Null when no grant has the token.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="token"/> is null.</exception>
    public Grant? FindByToken(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return _content.FindByToken(token);
    }

    /// <inheritdoc/>
    public ValueTask<Grant?> ResolveAsync(GrantRequest request, CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<Grant?>(cancellationToken)
            : new ValueTask<Grant?>(Find(request.GrantId));

    /// <summary>Puts policies of an authorizer, and grants with them, in force as one.</summary>
    /// <param name="owner">Who asks for the policies.</param>
    /// <param name="policies">The policies.</param>
    /// <param name="grants">The grants; null to leave them as they are.</param>
    /// <returns>The grants that were in force.</returns>
    internal IReadOnlyList<Grant> Publish(object owner, object policies, IEnumerable<Grant>? grants)
    {
        lock (_writing)
        {
            GrantSnapshot before = _content;
            _content = (grants is null ? before : before.With(grants)).With(owner, policies);
            return before.Grants;
        }
    }
}
