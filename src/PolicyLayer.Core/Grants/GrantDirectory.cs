using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using PolicyLayer.Text;

namespace PolicyLayer.Grants;

/// <summary>
/// Grants in memory, found by id or by token. They are replaced all at once: a call sees the old ones or the new ones, and none that began
/// afterwards sees the old. Safe for any number of threads.
/// </summary>
public sealed class GrantDirectory : IGrantResolver
{
    private readonly Lock _writing = new();
    private volatile Content _content;

    /// <summary>Makes a directory.</summary>
    /// <param name="grants">The grants; no two of one id or one token.</param>
    /// <exception cref="ArgumentNullException">The list or a grant is null.</exception>
    /// <exception cref="ArgumentException">Two grants have one id or one token.</exception>
    public GrantDirectory(IEnumerable<Grant> grants)
    {
        _content = new Content(grants);
    }

    /// <summary>The grants, in the order in which they were given.</summary>
    public IReadOnlyList<Grant> Grants => _content.Grants;

    /// <summary>Replaces all grants, with all that was revoked among them: a grant is revoked afterwards if the new one is.</summary>
    /// <param name="grants">The grants; no two of one id or one token.</param>
    /// <exception cref="ArgumentNullException">The list or a grant is null: nothing is replaced.</exception>
    /// <exception cref="ArgumentException">Two grants have one id or one token: nothing is replaced.</exception>
    public void Replace(IEnumerable<Grant> grants)
    {
        var content = new Content(grants);
        lock (_writing)
        {
            _content = content;
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

            _content = new Content(_content.Grants.Select(grant => grant.Id == grantId ? grant.Revoke() : grant));
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

    /// <summary>The grants of one moment.</summary>
    private sealed class Content
    {
        private readonly FrozenDictionary<string, Grant> _byId;
        private readonly FrozenDictionary<string, Grant> _byTokenHash;

        public Content(IEnumerable<Grant> grants)
        {
            ArgumentNullException.ThrowIfNull(grants);
            Grants = Array.AsReadOnly<Grant>([.. grants]);
            var byId = new Dictionary<string, Grant>(StringComparer.Ordinal);
            var byTokenHash = new Dictionary<string, Grant>(StringComparer.Ordinal);
            foreach (Grant grant in Grants)
            {
                ArgumentNullException.ThrowIfNull(grant, nameof(grants));
                if (!byId.TryAdd(grant.Id, grant))
                {
                    throw new ArgumentException($"Two grants have the id `{grant.Id}`.", nameof(grants));
                }

                if (grant.TokenSha256 is { } hash && !byTokenHash.TryAdd(hash, grant))
                {
                    throw new ArgumentException($"The grants `{byTokenHash[hash]}` and `{grant}` have one token.", nameof(grants));
                }
            }

            _byId = byId.ToFrozenDictionary(StringComparer.Ordinal);
            _byTokenHash = byTokenHash.ToFrozenDictionary(StringComparer.Ordinal);
        }

        public IReadOnlyList<Grant> Grants { get; }

        public Grant? Find(string grantId) => _byId.GetValueOrDefault(grantId);

        public Grant? FindByToken(string token)
        {
            // The empty token is what a header without one leaves, and its hash what an unset variable has. Half a surrogate pair would be
            // hashed as another text.
            bool isToken = token.Length > 0 && Utf16.IsWellFormed(token);
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(Encoding.UTF8.GetBytes(token), hash);
            Grant? found = _byTokenHash.GetValueOrDefault(Convert.ToHexStringLower(hash));
            Span<byte> expected = stackalloc byte[SHA256.HashSizeInBytes];
            Convert.FromHexString(found?.TokenSha256 ?? Convert.ToHexStringLower(expected), expected, out _, out _);
            return CryptographicOperations.FixedTimeEquals(hash, expected) && isToken ? found : null;
        }
    }
}
