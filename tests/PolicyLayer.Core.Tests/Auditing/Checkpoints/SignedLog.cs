using System.Security.Cryptography;
using System.Text;
using PolicyLayer.Auditing;

namespace PolicyLayer.Tests.Auditing.Checkpoints;

/// <summary>A log that is signed, in a folder of its own, and a reader of its checkpoints that shares nothing with their writer.</summary>
internal sealed class SignedLog : IDisposable
{
    public const string Origin = "example.com/audit";

    public SignedLog() => Signer = new EcdsaAuditSigner(Origin, Key);

    public LogFolder Folder { get; } = new();

    public ECDsa Key { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public EcdsaAuditSigner Signer { get; }

    public AuditPublicKeys PublicKeys => AuditPublicKeys.Parse(Key.ExportSubjectPublicKeyInfoPem());

    public string Checkpoints => Path.Combine(Folder.Folder, "audit.checkpoints");

    /// <summary>The lines as bytes, without their ends.</summary>
    public byte[][] Lines => [.. Folder.Lines().Select(Encoding.UTF8.GetBytes)];

    public JsonLinesAuditSink Open(Action<JsonLinesAuditSinkOptions>? configure = null) => Folder.Open(options =>
    {
        options.Signer = Signer;
        configure?.Invoke(options);
    });

    public async Task WriteAsync(int records, Action<JsonLinesAuditSinkOptions>? configure = null)
    {
        await using JsonLinesAuditSink sink = Open(configure);
        for (int i = 0; i < records; i++)
        {
            await sink.WriteAsync(LogFolder.Record($"t{i}"));
        }
    }

    /// <summary>Writes files of three records or so each, as many as asked for.</summary>
    public Task WriteFilesAsync(int files, int? keep = null) => WriteAsync(3 * files, options =>
    {
        options.MaxAge = TimeSpan.FromMinutes(3);
        options.Keep = keep;
        options.TimeProvider = new Ticking();
    });

    /// <summary>Reads the checkpoints down to the byte, and requires each to be signed, and of the lines that there are.</summary>
    public List<long> Verify(long first = 1)
    {
        var sizes = new List<long>();
        byte[][] lines = Lines;
        foreach (string note in Notes())
        {
            string[] parts = note.Split('\n');
            Assert.Equal(7, parts.Length);
            Assert.Equal(Origin, parts[0]);
            long size = long.Parse(parts[1]);
            if (first == 1)
            {
                Assert.Equal(Convert.ToBase64String(NaiveMerkle.Root(lines[..(int)size])), parts[2]);
            }

            Assert.StartsWith("frontier ", parts[3], StringComparison.Ordinal);
            Assert.Equal("", parts[4]);
            string[] signature = parts[5].Split(' ');
            Assert.Equal(["—", Origin], signature[..2]);
            byte[] bytes = Convert.FromBase64String(signature[2]);
            Assert.Equal(SHA256.HashData(Key.ExportSubjectPublicKeyInfo())[..4], bytes[..4]);
            byte[] text = Encoding.UTF8.GetBytes(string.Join('\n', parts[..4]) + "\n");
            Assert.True(Key.VerifyData(text, bytes[4..], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
            sizes.Add(size);
        }

        return sizes;
    }

    /// <summary>The notes of the file, each up to and with the end of its last line.</summary>
    public List<string> Notes()
    {
        string text = File.ReadAllText(Checkpoints);
        string[] parts = text.Split("\n\n");
        Assert.True(int.IsEvenInteger(parts.Length), text);
        return [.. parts.Chunk(2).Select((note, i) => $"{note[0]}\n\n{note[1]}{(i == (parts.Length / 2) - 1 ? "" : "\n")}")];
    }

    public Task<AuditVerification> VerifyAsync(AuditPublicKeys? keys = null) =>
        new AuditLogVerifier { PublicKeys = keys ?? PublicKeys }.VerifyAsync(Folder.Files);

    public void Dispose()
    {
        Signer.Dispose();
        Folder.Dispose();
    }

    /// <summary>A clock that goes on a minute with each look.</summary>
    private sealed class Ticking : TimeProvider
    {
        private long _minutes;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddMinutes(Interlocked.Increment(ref _minutes));
    }
}
