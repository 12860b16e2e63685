using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PolicyLayer.Cli.Proxying;

/// <summary>Reads a certificate for HTTPS. No message quotes what stands in the files.</summary>
internal static class CertificateFiles
{
    /// <exception cref="CommandException">A file can't be read, or they are no certificate and its key.</exception>
    public static X509Certificate2 Read(string certificate, string key)
    {
        try
        {
            using X509Certificate2 read = X509Certificate2.CreateFromPemFile(certificate, key);

            // Windows serves with no key that was never in a store or a container.
            return X509CertificateLoader.LoadPkcs12(read.Export(X509ContentType.Pkcs12), password: null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException("The file of `--certificate` or of `--certificate-key` doesn't exist, or can't be read.");
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new CommandException(
                "`--certificate` and `--certificate-key` must hold a certificate and its private key, in PEM and without a password.");
        }
    }
}
