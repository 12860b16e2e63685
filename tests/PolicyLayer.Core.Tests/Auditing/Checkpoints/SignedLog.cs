using System.Security.Cryptography;
using System.Text;
using PolicyLayer.Auditing;
using PolicyLayer.Tests.Auditing.Verification;

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
    public List<long> Verify()
    {
        var sizes = new List<long>();
        byte[][] lines = Lines;
        foreach (string note in Notes())
        {
            string[] parts = note.Split('\n');
            Assert.Equal(8, parts.Length);
            Assert.Equal(Origin, parts[0]);
            long size = long.Parse(parts[1]);
            Assert.Equal(Convert.ToBase64String(NaiveMerkle.Root(lines[..(int)size])), parts[2]);
            Assert.Equal($"head {MadeLog.HashOf(Encoding.UTF8.GetString(lines[(int)size - 1]))}", parts[3]);
            Assert.StartsWith("frontier ", parts[4], StringComparison.Ordinal);
            Assert.Equal("", parts[5]);
            string[] signature = parts[6].Split(' ');
            Assert.Equal(["—", Origin], signature[..2]);
            byte[] bytes = Convert.FromBase64String(signature[2]);
            Assert.Equal(SHA256.HashData(Key.ExportSubjectPublicKeyInfo())[..4], bytes[..4]);
            byte[] text = Encoding.UTF8.GetBytes(string.Join('\n', parts[..5]) + "\n");
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

    /// <summary>Hashes a file of the log anew behind one record that is another.</summary>
    public static async Task ForgeAsync(string file, int changed)
    {
        string[] lines = await File.ReadAllLinesAsync(file);
        var log = new MadeLog();
        IEnumerable<string> forged = lines.Select((line, i) =>
        {
            string content = i == changed ? MadeLog.Decision(i) : line[line.IndexOf("\"kind\"", StringComparison.Ordinal)..^75];
            string previous = i == 0 ? line[(line.IndexOf("\"previous\":\"", StringComparison.Ordinal) + 12)..][..64] : log.Head;
            return log.Next(content, long.Parse(line[12..line.IndexOf(',', StringComparison.Ordinal)]), previous);
        });
        await File.WriteAllTextAsync(file, MadeLog.Text(forged));
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
