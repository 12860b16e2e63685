using System.Text;

namespace PolicyLayer.Keys;

/// <summary>
/// Stands for values in stores, so that no store has the values themselves: 128 bits of HMAC-SHA-256 under a sub-key of the host's. Without
/// keys it is SHA-256 over the values and the policy's name, and whoever reads the store can guess short values. Immutable.
/// </summary>
internal sealed class ValueDigest(PolicyLayerKeys? keys)
{
    private const string Purpose = "policylayer counter partition v1";
    private const int Length = 16;

    private readonly PurposeHash _hash = new(keys, Purpose);

    /// <summary>The digest of values, as 32 lower-case hexadecimal digits.</summary>
    public string Of(string policyName, ReadOnlySpan<byte> canonicalValues)
    {
        Span<byte> hash = stackalloc byte[PurposeHash.Length];

        // The text of the values is an array, which ends by itself: no other values and name are the same bytes.
        _hash.Compute(_hash.IsKeyed ? canonicalValues : [.. canonicalValues, .. Encoding.UTF8.GetBytes(policyName)], hash);
        return Convert.ToHexStringLower(hash[..Length]);
    }
}
