using System.Text;

namespace PolicyLayer.Tests.Proxy.Clients;

/// <summary>What client and server said, on both sides of a proxy, byte for byte; kept in a folder that goes with it.</summary>
internal sealed class Recording : IDisposable
{
    private const string BeforeProxy = "before";
    private const string BehindProxy = "behind";

    private readonly string _folder = Directory.CreateTempSubdirectory("policylayer-recording-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Puts recorders in front of a proxy and behind it.</summary>
    public string[] Around(Func<string[], string[]> proxy, string[] server) => Recorded(BeforeProxy, proxy(Recorded(BehindProxy, server)));

    /// <summary>How often the server was started.</summary>
    public int Runs => Files(BehindProxy, "client").Length;

    /// <summary>Each run of the server heard what the client said, and the client what it said.</summary>
    /// <param name="forgive">Takes out of a line what may differ; null for nothing.</param>
    public void RequireSame(Func<string, string>? forgive = null)
    {
        forgive ??= line => line;
        Assert.NotEqual(0, Runs);
        Assert.Equal(Runs, Files(BeforeProxy, "client").Length);
        foreach ((string before, string behind) in Files(BeforeProxy, "client").Zip(Files(BehindProxy, "client")))
        {
            Assert.Equal([.. Lines(before).Select(forgive)], [.. Lines(behind).Select(forgive)]);
        }

        foreach ((string before, string behind) in Files(BeforeProxy, "server").Zip(Files(BehindProxy, "server")))
        {
            // What the server still says while it is ended may be lost.
            string[] heard = [.. Lines(before).Select(forgive)];
            Assert.Equal([.. Lines(behind).Take(heard.Length).Select(forgive)], heard);
        }
    }

    /// <summary>The lines that reached the servers.</summary>
    public IEnumerable<string> ToServer() => Files(BehindProxy, "client").SelectMany(Lines);

    /// <summary>Whole lines with their ends; Latin-1, in which each byte is a character.</summary>
    private static IEnumerable<string> Lines(string file) =>
        File.ReadAllText(file, Encoding.Latin1).Split('\n')[..^1].Select(line => line + "\n");

    private string[] Recorded(string name, string[] command) =>
        ["node", Path.Combine(NodeScripts.Folder, "record.mjs"), _folder, name, .. command];

    private string[] Files(string name, string side) =>
        [.. Directory.GetFiles(_folder, $"*-{name}-*.{side}").Order(StringComparer.Ordinal)];
}
