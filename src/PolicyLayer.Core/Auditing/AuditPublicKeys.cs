using System.Security.Cryptography;
using PolicyLayer.Auditing.Checkpoints;

namespace PolicyLayer.Auditing;

/// <summary>The public keys that checkpoints may be signed with. Immutable, and safe for any number of threads.</summary>
public sealed class AuditPublicKeys
{
    private AuditPublicKeys(IReadOnlyList<CheckpointKey> keys) => Keys = keys;

    internal IReadOnlyList<CheckpointKey> Keys { get; }

    /// <summary>Reads keys that are written in PEM.</summary>
    /// <param name="pem">
    /// One key or more of P-256, each in a block <c>PUBLIC KEY</c>: the one that signs, and those that signed before it.
    /// </param>
    /// <exception cref="ArgumentException">
    /// The text is null or has no such key, or another: a private one too, which belongs to nobody who verifies.
    /// </exception>
    public static AuditPublicKeys Parse(string pem)
    {
        ArgumentNullException.ThrowIfNull(pem);
        var keys = new List<CheckpointKey>();
        ReadOnlySpan<char> rest = pem;
        while (PemEncoding.TryFind(rest, out PemFields fields))
        {
            keys.Add(Read(rest[fields.Label], rest[fields.Base64Data]));
            rest = rest[fields.Location.End..];
        }

        return keys.Count > 0 ? new AuditPublicKeys(keys) : throw NoKey();
    }

    private static CheckpointKey Read(ReadOnlySpan<char> label, ReadOnlySpan<char> base64)
    {
        try
        {
            return label is "PUBLIC KEY" ? new CheckpointKey(Convert.FromBase64String(base64.ToString())) : throw NoKey();
        }
        catch (CryptographicException)
        {
            throw NoKey();
        }
    }

    private static ArgumentException NoKey() =>
        new("There must be public keys in PEM, each in a block `PUBLIC KEY`, of ECDSA over P-256.", "pem");
}
