namespace PolicyLayer.Keys;

/// <summary>
/// Stands for what an approval is bound to: HMAC-SHA-256 under a sub-key of the host's, so that who writes to the store makes no binding of
/// a call; SHA-256 without keys. Immutable.
/// </summary>
internal sealed class BindingDigest(PolicyLayerKeys? keys)
{
    private const string Purpose = "policylayer approval binding v1";

    private readonly PurposeHash _hash = new(keys, Purpose);

    /// <summary>The digest of a text, as 64 lower-case hexadecimal digits.</summary>
    public string Of(ReadOnlySpan<byte> text)
    {
        Span<byte> hash = stackalloc byte[PurposeHash.Length];
        _hash.Compute(text, hash);
        return Convert.ToHexStringLower(hash);
    }
}
