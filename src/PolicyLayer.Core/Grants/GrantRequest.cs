namespace PolicyLayer.Grants;

/// <summary>What a grant is looked up by. An immutable value that may grow.</summary>
public readonly struct GrantRequest
{
    /// <summary>Asks for a grant.</summary>
    /// <param name="grantId">The id that a call named; not empty, and otherwise any text.</param>
    /// <exception cref="ArgumentException"><paramref name="grantId"/> is null or empty.</exception>
    public GrantRequest(string grantId)
    {
        ArgumentException.ThrowIfNullOrEmpty(grantId);
        GrantId = grantId;
    }

    /// <summary>The id that a call named. Whoever calls may have chosen it: it is looked up, and trusted for nothing.</summary>
    public string GrantId { get; }
}
