using System.Diagnostics;

namespace PolicyLayer.Tests.Cli.Approvals;

/// <summary><c>PolicyLayer.ApprovalLoop</c>: an agent in one process waits for a person's answer in another.</summary>
public sealed class SampleTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("policylayer").FullName;

    private string StorePath => Path.Combine(_folder, "agent.db");

    private string Keys => Path.Combine(_folder, "keys.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("approve", "Approved: 1 call, 1 left, of exactly these arguments, until", "deploy: runs")]
    [InlineData("refuse", "Refused: the same call is denied until", "deploy: [POLICY DENIED] A person refused the call: looked at")]
    public async Task The_agent_waits_for_the_answer_of_another_process(string answer, string said, string goesOn)
    {
        await File.WriteAllTextAsync(Keys, $$"""{"current":"k","keys":{"k":"{{Convert.ToBase64String(new byte[32])}}"} }""");
        using Process agent = Start("PolicyLayer.ApprovalLoop", StorePath, Keys);
        Assert.Equal("read_file: runs", await agent.StandardOutput.ReadLineAsync());
        Assert.Equal("deploy: runs", await agent.StandardOutput.ReadLineAsync());
        string waits = (await agent.StandardOutput.ReadLineAsync())!;
        Assert.StartsWith("deploy: waits for a person, as request ", waits, StringComparison.Ordinal);
        string id = waits[^32..];

        string[] store = ["--store", "sqlite:" + StorePath, "--keys", Keys];
        string shown = await RunAsync(["approvals", "show", id, .. store]);
        Assert.Contains("args.version = \"1.4.2\"\n", shown, StringComparison.Ordinal);
        Assert.StartsWith(said, await RunAsync(["approvals", answer, id, "--reason", "looked at", .. store]), StringComparison.Ordinal);

        string rest = await agent.StandardOutput.ReadToEndAsync();
        await agent.WaitForExitAsync();
        string[] lines = rest.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith(goesOn, lines[0].TrimEnd('\r'), StringComparison.Ordinal);
        Assert.Equal("read_file: runs", lines[1].TrimEnd('\r'));
        Assert.Equal(0, agent.ExitCode);
    }

    private static async Task<string> RunAsync(string[] args)
    {
        using Process tool = Start("policylayer", args);
        string output = await tool.StandardOutput.ReadToEndAsync();
        await tool.WaitForExitAsync();
        Assert.Equal(0, tool.ExitCode);
        return output;
    }

    private static Process Start(string program, params string[] args)
    {
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        return Process.Start(new ProcessStartInfo(host, [Path.Combine(AppContext.BaseDirectory, program + ".dll"), .. args])
        {
            RedirectStandardOutput = true,
        })!;
    }
}
