using System.Diagnostics;
using System.Globalization;

namespace PolicyLayer.Tests.Proxy.Clients;

/// <summary>How the proxy, and servers to stand before, are started as processes.</summary>
internal static class ProxyProcess
{
    private static readonly string Dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    /// <summary>The server of the protocol's makers that has something of everything.</summary>
    public static string[] Everything { get; } =
        ["node", Path.Combine(NodeScripts.Folder, "node_modules", "@modelcontextprotocol", "server-everything", "dist", "index.js")];

    /// <summary>The sample server in C#.</summary>
    public static string[] Sample { get; } = [Dotnet, Path.Combine(AppContext.BaseDirectory, "McpServer.dll")];

    /// <summary>The policy that the sample server is guarded with.</summary>
    public static string SamplePolicy { get; } = Path.Combine(AppContext.BaseDirectory, "policy.json");

    // Where it was built: beside the tests it wouldn't find assemblies that it brings and they don't.
    private static readonly string Program = Path.Combine(
        NodeScripts.Folder, "..", "..", "src", "PolicyLayer.Cli", "bin", Path.GetRelativePath(BinFolder, AppContext.BaseDirectory),
        "policylayer.dll");

    private static string BinFolder => Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", ".."));

    /// <summary>The command that guards a server.</summary>
    public static string[] Before(IEnumerable<string> server, string policyFile, params string[] options) =>
        [.. Alone(policyFile, options), "--", .. server];

    /// <summary>The command that guards what its options name.</summary>
    public static string[] Alone(string policyFile, params string[] options) => Command(["proxy", policyFile, .. options]);

    /// <summary>The command with arguments.</summary>
    public static string[] Command(params string[] arguments) => [Dotnet, Program, .. arguments];

    /// <summary>A command that heeds signals: who runs the tests may ignore them, as under nohup, and its processes would too.</summary>
    public static string[] HeedingSignals(string[] command) =>
        OperatingSystem.IsLinux() ? ["env", "--default-signal=INT,HUP,TERM", .. command] : command;

    /// <summary>Sends a signal to a process.</summary>
    public static async Task SignalAsync(Process process, string signal)
    {
        using Process sent = Process.Start("kill", [$"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await sent.WaitForExitAsync();
    }
}
