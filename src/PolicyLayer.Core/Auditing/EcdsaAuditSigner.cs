using System.Security.Cryptography;
using PolicyLayer.Auditing.Checkpoints;

namespace PolicyLayer.Auditing;

/// <summary>Signs checkpoints with a key in memory. Safe for any number of threads.</summary>
public sealed class EcdsaAuditSigner : IAuditSigner, IDisposable
{
    private readonly Lock _lock = new();
    private readonly ECDsa _key;

    /// <summary>Makes a signer.</summary>
    /// <param name="origin">What the log is called, see <see cref="IAuditSigner.Origin"/>.</param>
    /// <param name="key">A private key of P-256. It is the signer's from then on, and disposed with it.</param>
    /// <exception cref="ArgumentException">The origin isn't one, or the key is null, has no private part or isn't one of P-256.</exception>
    public EcdsaAuditSigner(string origin, ECDsa key)
    {
        AuditOrigin.Require(origin, nameof(origin));
        ArgumentNullException.ThrowIfNull(key);
        if (!CheckpointKey.IsP256(key) || !CanSign(key))
        {
            throw new ArgumentException("The key must be a private one of ECDSA over P-256.", nameof(key));
        }

        Origin = origin;
        _key = key;
        PublicKey = key.ExportSubjectPublicKeyInfo();
    }

    /// <inheritdoc/>
    public string Origin { get; }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> PublicKey { get; }

    /// <summary>Makes a signer of a key that is written in PEM.</summary>
    /// <param name="origin">What the log is called, see <see cref="IAuditSigner.Origin"/>.</param>
    /// <param name="pem">
    /// A private key of P-256, in a block <c>PRIVATE KEY</c> or <c>EC PRIVATE KEY</c>, as <c>openssl ecparam -name prime256v1 -genkey</c>
    /// makes it.
    /// </param>
    /// <exception cref="ArgumentException">The origin isn't one, or the text has no such key.</exception>
    public static EcdsaAuditSigner FromPem(string origin, string pem)
    {
        ArgumentNullException.ThrowIfNull(pem);
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            return new EcdsaAuditSigner(origin, key);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            key.Dispose();
            if (e is ArgumentException { ParamName: nameof(origin) })
            {
                throw;
            }

            // What was thrown may quote the text.
            throw new ArgumentException("There must be one private key in PEM, of ECDSA over P-256.", nameof(pem));
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The signer was disposed.</exception>
    public ValueTask<ReadOnlyMemory<byte>> SignAsync(ReadOnlyMemory<byte> text, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            return new(_key.SignData(text.Span, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
        }
    }

    /// <summary>Disposes the key.</summary>
    public void Dispose() => _key.Dispose();

    private static bool CanSign(ECDsa key)
    {
        try
        {
            return key.SignHash(new byte[MerkleHash.Length]).Length > 0;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
