using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PolicyLayer.Auditing;

namespace PolicyLayer.Tests.Auditing;

/// <summary>A folder of its own for a log, and a checker of the log that shares nothing with its writer.</summary>
internal sealed class LogFolder : IDisposable
{
    private const string HashMember = ",\"hash\":\"";

    public LogFolder() => Directory.CreateDirectory(Folder);

    public string Folder { get; } = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public string Log => Path.Combine(Folder, "audit.jsonl");

    /// <summary>The files in the order of their lines.</summary>
    public string[] Files =>
        [.. Directory.GetFiles(Folder, "audit.??????.jsonl").Order(StringComparer.Ordinal),
            .. File.Exists(Log) ? [Log] : Array.Empty<string>()];

    public static AuditRecord Record(string tool = "t") =>
        new() { DecisionId = "id", GrantId = "g", Tool = tool, PolicyName = "p", PolicyRevision = "r" };

    public string Rotated(int number) => Path.Combine(Folder, $"audit.{number:D6}.jsonl");

    public JsonLinesAuditSink Open(Action<JsonLinesAuditSinkOptions>? configure = null)
    {
        var options = new JsonLinesAuditSinkOptions { Path = Log, DiskSync = AuditDiskSync.Never };
        configure?.Invoke(options);
        return new JsonLinesAuditSink(options);
    }

    public async Task WriteAsync(params string[] tools)
    {
        await using JsonLinesAuditSink sink = Open();
        foreach (string tool in tools)
        {
            await sink.WriteAsync(Record(tool));
        }
    }

    public string[] Lines()
    {
        string text = string.Concat(Files.Select(File.ReadAllText));
        return text.Length == 0 ? [] : text[..^1].Split('\n');
    }

    /// <summary>Follows the chain from its first line, byte by byte, and gives the lines.</summary>
    public List<JsonElement> Verify(byte[]? lineKey = null, long first = 1) => Verify(Files.Select(File.ReadAllBytes), lineKey, first);

    /// <summary>Follows a chain over files that end with whole lines.</summary>
    public static List<JsonElement> Verify(IEnumerable<byte[]> files, byte[]? lineKey = null, long first = 1)
    {
        var lines = new List<JsonElement>();
        string previous = new('0', 64);
        foreach (byte[] file in files.Where(file => file.Length > 0))
        {
            Assert.Equal((byte)'\n', file[^1]);
            foreach (string line in Encoding.UTF8.GetString(file)[..^1].Split('\n'))
            {
                JsonElement root = JsonDocument.Parse(line).RootElement;
                Assert.Equal(first + lines.Count, root.GetProperty("sequence").GetInt64());
                if (lines.Count > 0 || first == 1)
                {
                    Assert.Equal(previous, root.GetProperty("previous").GetString());
                }

                byte[] content = Encoding.UTF8.GetBytes(line[..line.LastIndexOf(HashMember, StringComparison.Ordinal)]);
                byte[] hash = lineKey is null ? SHA256.HashData(content) : HMACSHA256.HashData(lineKey, content);
                previous = Convert.ToHexStringLower(hash);
                Assert.Equal(previous, root.GetProperty("hash").GetString());
                Assert.Equal($"{HashMember}{previous}\"}}", line[^(HashMember.Length + 66)..]);
                lines.Add(root);
            }
        }

        return lines;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
