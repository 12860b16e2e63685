using System.Diagnostics;
using System.Text;
using PolicyLayer.Approvals;
using PolicyLayer.Sqlite;

namespace PolicyLayer.Tests.Cli.Approvals;

/// <summary><c>approvals watch</c> as a process of its own at a real terminal.</summary>
public sealed class TerminalTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("policylayer").FullName;

    private string StorePath => Path.Combine(_folder, "agent.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [ScriptFact]
    public async Task A_person_answers_at_a_terminal_and_Ctrl_C_ends_it_with_0()
    {
        using var store = new SqliteApprovalStore(
            new SqliteApprovalStoreOptions { Path = StorePath, Protector = ApprovalProtector.Plain });
        var authorizer = new ToolCallAuthorizer(
            [Policy.Parse("""{"version":"1","default":"deny","tools":{"*":{"action":"require_approval"}}}""")],
            new ToolCallAuthorizerOptions { Approvals = store });
        var call = new ToolCall("deploy", ToolArguments.FromJson("""{"to":"prod\u202e"}""")) { GrantId = "ci" };
        string id = (await authorizer.AuthorizeAsync(call)).ApprovalId!;

        using Process terminal = Start();
        await ReadUntilAsync(terminal, $"Request {id}");
        await ReadUntilAsync(terminal, "args.to = \"prod<U+202E>\"");
        await ReadUntilAsync(terminal, "[s]kip? ");
        await terminal.StandardInput.WriteAsync($"once {id[..4]}\n");
        await terminal.StandardInput.FlushAsync();
        await ReadUntilAsync(terminal, "Approved: 1 call");
        await terminal.StandardInput.WriteAsync("\u0003");
        await terminal.StandardInput.FlushAsync();
        await terminal.WaitForExitAsync(Deadline());

        Assert.Equal(0, terminal.ExitCode);
        Assert.True((await authorizer.AuthorizeAsync(call)).IsAllowed);
    }

    [ScriptFact]
    public Task Ctrl_C_ends_it_with_0_however_early() => EndsWith0Async("\u0003");

    [ScriptFact]
    public Task The_end_of_the_input_ends_it_with_0() => EndsWith0Async("\u0004");

    private async Task EndsWith0Async(string typed)
    {
        using (var store = new SqliteApprovalStore(
            new SqliteApprovalStoreOptions { Path = StorePath, Protector = ApprovalProtector.Plain }))
        {
            Assert.Null(await new ApprovalInbox(store).FindAsync(""));
        }

        using Process terminal = Start();
        await ReadUntilAsync(terminal, "Waiting for requests");
        await terminal.StandardInput.WriteAsync(typed);
        await terminal.StandardInput.FlushAsync();
        await terminal.WaitForExitAsync(Deadline());
        Assert.Equal(0, terminal.ExitCode);
    }

    private static CancellationToken Deadline() => new CancellationTokenSource(TimeSpan.FromMinutes(2)).Token;

    private static async Task ReadUntilAsync(Process process, string text)
    {
        CancellationToken deadline = Deadline();
        var read = new StringBuilder();
        char[] buffer = new char[1];
        while (!read.ToString().EndsWith(text, StringComparison.Ordinal))
        {
            int count = await process.StandardOutput.ReadAsync(buffer.AsMemory(), deadline);
            Assert.True(count > 0, $"Without `{text}`: {read}");
            read.Append(buffer[0]);
        }
    }

    private Process Start()
    {
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        string tool = Path.Combine(AppContext.BaseDirectory, "policylayer.dll");

        // Whoever runs the tests in the background has them ignore what Ctrl-C sends, and their children with them.
        // A shell that stays above the tool says 130 for it.
        string command =
            $"exec env --default-signal=INT '{host}' '{tool}' approvals watch --store 'sqlite:{StorePath}' --plain-approvals";
        return Process.Start(new ProcessStartInfo("script", ["-qec", command, "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = Encoding.UTF8,
        })!;
    }
}
