using PolicyLayer.Tests.Auditing.Verification;

namespace PolicyLayer.Tests.Cli.Audit;

/// <summary>A folder for the files of a log.</summary>
internal sealed class LogFolder : IDisposable
{
    public LogFolder() => Log = In("audit.jsonl");

    public string Path { get; } = Directory.CreateTempSubdirectory("policylayer").FullName;

    /// <summary>The log's latest file.</summary>
    public string Log { get; }

    public static byte[] Key { get; } = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    public static string Keys => $$$"""{"current":"k1","keys":{"k1":"{{{Convert.ToBase64String(Key)}}}"}}""";

    public string In(string name) => System.IO.Path.Combine(Path, name);

    public string Write(IEnumerable<string> lines, string name = "audit.jsonl")
    {
        File.WriteAllText(In(name), MadeLog.Text(lines));
        return In(name);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
