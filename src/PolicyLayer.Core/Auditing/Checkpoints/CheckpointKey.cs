using System.Security.Cryptography;

namespace PolicyLayer.Auditing.Checkpoints;

/// <summary>A public key that checkpoints are signed with: ECDSA over P-256. Safe for any number of threads.</summary>
internal sealed class CheckpointKey
{
    private const string P256 = "1.2.840.10045.3.1.7";

    private readonly byte[] _publicKey;

    /// <param name="publicKey">A SubjectPublicKeyInfo in DER.</param>
    /// <exception cref="CryptographicException">It is none of this kind.</exception>
    public CheckpointKey(ReadOnlySpan<byte> publicKey)
    {
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(publicKey, out _);
        if (!IsP256(key))
        {
            throw new CryptographicException("The key isn't one of ECDSA over P-256.");
        }

        // As .NET writes it, whatever stood behind.
        _publicKey = key.ExportSubjectPublicKeyInfo();
        Id = SHA256.HashData(_publicKey)[..NoteSignature.KeyIdLength];
    }

    /// <summary>The first four bytes of the SHA-256 of the key, as Sigstore counts them.</summary>
    public byte[] Id { get; }

    public static bool IsP256(ECDsa key) => key.ExportParameters(includePrivateParameters: false).Curve.Oid?.Value == P256;

    /// <summary>Whether it is this key's signature of the text, in DER.</summary>
    public bool Verifies(ReadOnlySpan<byte> text, ReadOnlySpan<byte> signature)
    {
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(_publicKey, out _);
        try
        {
            return key.VerifyData(text, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
