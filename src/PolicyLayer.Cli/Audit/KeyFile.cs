using System.Text;
using PolicyLayer.Auditing;

namespace PolicyLayer.Cli.Audit;

/// <summary>
/// Reads files of keys in PEM. INVARIANT: no message quotes what stands in them, nor what was given as a name, which may be a key by
/// mistake.
/// </summary>
internal static class KeyFile
{
    // More than any key has: what is read may be a device.
    private const int MaxLength = 64 * 1024;

    /// <summary>A signer with the private key of a file.</summary>
    /// <param name="option">The option that names the file.</param>
    /// <param name="file">The file.</param>
    /// <param name="origin">What the log is called.</param>
    /// <exception cref="CommandException">The file can't be read, or holds no such key.</exception>
    public static EcdsaAuditSigner ReadSigner(string option, string file, string origin)
    {
        string pem = Read(option, file);
        try
        {
            return EcdsaAuditSigner.FromPem(origin, pem);
        }
        catch (ArgumentException)
        {
            throw new CommandException(
                $"The file of `{option}` must hold one private key in PEM, of ECDSA over P-256 and without a password. "
                + "Help: `openssl ecparam -name prime256v1 -genkey -noout` prints one.");
        }
    }

    /// <summary>The public keys of a file.</summary>
    /// <param name="option">The option that names the file.</param>
    /// <param name="file">The file.</param>
    /// <exception cref="CommandException">The file can't be read, or holds another key.</exception>
    public static AuditPublicKeys ReadPublic(string option, string file)
    {
        string pem = Read(option, file);
        try
        {
            return AuditPublicKeys.Parse(pem);
        }
        catch (ArgumentException)
        {
            string problem = pem.Contains("PRIVATE KEY-----", StringComparison.Ordinal)
                ? "holds a private key, which nobody needs who verifies"
                : "must hold public keys in PEM, each in a block `PUBLIC KEY`, of ECDSA over P-256";
            throw new CommandException(
                $"The file of `{option}` {problem}. Help: `openssl pkey -pubout -in PRIVATE` prints the public key of a private one.");
        }
    }

    private static string Read(string option, string file)
    {
        if (Directory.Exists(file))
        {
            throw new CommandException($"What `{option}` names is a folder.");
        }

        try
        {
            using FileStream stream = File.OpenRead(file);
            var bytes = new byte[MaxLength + 1];
            int length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return length <= MaxLength
                ? Encoding.UTF8.GetString(bytes, 0, length)
                : throw new CommandException($"The file of `{option}` is longer than any of keys.");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CommandException($"The file of `{option}` doesn't exist.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new CommandException($"The file of `{option}` can't be read.");
        }
    }
}
