using PolicyLayer.Grants;

namespace PolicyLayer.Cli.Grants;

/// <summary>Knows every id that a grant may have, as authors try policies for whoever will call.</summary>
internal sealed class EveryGrant : IGrantResolver
{
    private readonly HashSet<string> _revoked = new(StringComparer.Ordinal);

    public bool Revoke(string id)
    {
        _revoked.Add(id);
        return true;
    }

    public ValueTask<Grant?> ResolveAsync(GrantRequest request, CancellationToken cancellationToken = default) =>
        new(request.GrantId.Length > Grant.MaxIdLength
            ? null
            : new Grant(request.GrantId) { IsRevoked = _revoked.Contains(request.GrantId) });
}
