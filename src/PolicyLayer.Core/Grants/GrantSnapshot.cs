using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using PolicyLayer.Text;

namespace PolicyLayer.Grants;

/// <summary>
/// The grants of one moment, and what authorizers published together with them. Immutable. INVARIANT: one read of a directory's snapshot
/// gives both, so that no call sees new grants with old policies.
/// </summary>
internal sealed class GrantSnapshot
{
    private readonly FrozenDictionary<string, Grant> _byId;
    private readonly FrozenDictionary<string, Grant> _byTokenHash;
    private readonly (object Owner, object Policies)[] _published;

    public GrantSnapshot(IEnumerable<Grant> grants)
        : this(grants, [])
    {
    }

    private GrantSnapshot(IEnumerable<Grant> grants, (object Owner, object Policies)[] published)
    {
        ArgumentNullException.ThrowIfNull(grants);
        Grants = Array.AsReadOnly<Grant>([.. grants]);
        _published = published;
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

    private GrantSnapshot(GrantSnapshot other, (object Owner, object Policies)[] published)
    {
        (Grants, _byId, _byTokenHash) = (other.Grants, other._byId, other._byTokenHash);
        _published = published;
    }

    public IReadOnlyList<Grant> Grants { get; }

    public Grant? Find(string grantId) => _byId.TryGetValue(grantId, out Grant? grant) ? grant : null;

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

    /// <summary>What an authorizer published last; null for nothing yet.</summary>
    public object? PoliciesOf(object owner)
    {
        foreach ((object publisher, object policies) in _published)
        {
            if (ReferenceEquals(publisher, owner))
            {
                return policies;
            }
        }

        return null;
    }

    /// <summary>Other grants, with the policies as they are.</summary>
    public GrantSnapshot With(IEnumerable<Grant> grants) => new(grants, _published);

    /// <summary>The same grants, with other policies of one authorizer.</summary>
    public GrantSnapshot With(object owner, object policies) =>
        new(this, [.. _published.Where(published => !ReferenceEquals(published.Owner, owner)), (owner, policies)]);
}
