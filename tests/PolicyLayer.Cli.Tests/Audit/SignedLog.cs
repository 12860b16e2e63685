using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PolicyLayer.Auditing;

namespace PolicyLayer.Tests.Cli.Audit;

/// <summary>A log that its sink signs, in a folder of its own.</summary>
internal sealed class SignedLog : IDisposable
{
    public const string Origin = "example.com/log";

    private readonly EcdsaAuditSigner _signer;
    private int _written;

    public SignedLog()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        PrivatePem = key.ExportPkcs8PrivateKeyPem();
        _signer = EcdsaAuditSigner.FromPem(Origin, PrivatePem);
        PrivateKey = WriteText("log.pem", PrivatePem);
        PublicKey = WriteText("log.pub", key.ExportSubjectPublicKeyInfoPem());
    }

    public LogFolder Folder { get; } = new();

    public string Log => Folder.Log;

    public string Checkpoints => Folder.In("audit.checkpoints");

    public string PrivatePem { get; }

    /// <summary>The files of the keys.</summary>
    public string PrivateKey { get; }

    public string PublicKey { get; }

    public string[] Lines => File.ReadAllLines(Log);

    /// <summary>Opens the log, adds so many records and closes it, which signs them.</summary>
    public async Task WriteAsync(int count, bool isSigned = true)
    {
        await using var sink = new JsonLinesAuditSink(
            new JsonLinesAuditSinkOptions { Path = Log, DiskSync = AuditDiskSync.Never, Signer = isSigned ? _signer : null });
        for (int i = 0; i < count; i++)
        {
            string id = string.Create(CultureInfo.InvariantCulture, $"id{++_written}");
            await sink.WriteAsync(
                new AuditRecord { DecisionId = id, GrantId = "sécret", Tool = "t", PolicyName = "p", PolicyRevision = "r" });
        }
    }

    /// <summary>The latest checkpoint, as it stands in the file.</summary>
    public string LatestNote()
    {
        string[] parts = File.ReadAllText(Checkpoints).Split("\n\n");
        return $"{parts[^2]}\n\n{parts[^1]}";
    }

    /// <summary>A text signed with the log's key.</summary>
    public async Task<string> SignAsync(string text)
    {
        byte[] id = SHA256.HashData(_signer.PublicKey.Span)[..4];
        ReadOnlyMemory<byte> signature = await _signer.SignAsync(Encoding.UTF8.GetBytes(text));
        return $"{text}\n\u2014 {Origin} {Convert.ToBase64String([.. id, .. signature.Span])}\n";
    }

    public string WriteText(string name, string text)
    {
        File.WriteAllText(Folder.In(name), text);
        return Folder.In(name);
    }

    public void Dispose()
    {
        _signer.Dispose();
        Folder.Dispose();
    }
}
