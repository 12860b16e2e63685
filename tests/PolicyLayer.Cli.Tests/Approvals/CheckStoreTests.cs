using System.Text;
using System.Text.Json;
using PolicyLayer.Tests.Redis;

namespace PolicyLayer.Tests.Cli.Approvals;

/// <summary>Where <c>check</c> keeps what waits for a person, and who else reads it there.</summary>
public sealed class CheckStoreTests : IDisposable
{
    private const string Asking = """{"version":"1","default":"deny","tools":{"deploy":{"action":"require_approval"},"look":{}}}""";

    private const string AskingNobody = """{"version":"1","default":"deny","tools":{"deploy":{"rate_limit":"5/hour"}}}""";

    private const string Deploy = """{"tool":"deploy","arguments":{"to":"hunter2"},"at":"2026-01-01T00:00:30Z"}""";

    private readonly string _folder = Directory.CreateTempSubdirectory("policylayer").FullName;

    private string Store => "sqlite:" + StorePath;

    private string StorePath => Path.Combine(_folder, "agent.db");

    private string Keys => Path.Combine(_folder, "keys.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("--counters")]
    [InlineData("--approvals")]
    public async Task A_request_of_one_run_is_approved_by_the_command_and_spent_in_another(string option)
    {
        string[] options = [option, Store, "--keys", await WriteKeysAsync()];
        string id = (await CheckAsync(Asking, options)).Lines[0].GetProperty("approval_id").GetString()!;
        Command approval = await Command.RunAsync("approvals", "approve", id, "--store", Store, "--keys", Keys);
        Assert.Equal((0, ""), (approval.ExitCode, approval.Error));

        Assert.Equal(["allowed", "approval_required"], (await CheckAsync(Asking, options, Deploy, Deploy)).Codes);
        Assert.DoesNotContain("hunter2", Encoding.Latin1.GetString(await File.ReadAllBytesAsync(StorePath)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Counters_and_approvals_may_live_apart()
    {
        string counters = "sqlite:" + Path.Combine(_folder, "counters.db");
        Command run = await CheckAsync(Asking, ["--counters", counters, "--approvals", Store, "--plain-approvals"]);
        Command there = await Command.RunAsync("approvals", "list", "--store", Store, "--plain-approvals", "--json");
        Command elsewhere = await Command.RunAsync("approvals", "list", "--store", counters, "--plain-approvals", "--json");

        Assert.Equal(["approval_required"], run.Codes);
        Assert.Equal("hunter2", Assert.Single(there.Lines).GetProperty("arguments").GetProperty("to").GetString());
        Assert.Equal((0, ""), (elsewhere.ExitCode, elsewhere.Output));
    }

    [Fact]
    public async Task Keys_may_stand_in_the_variable()
    {
        await WriteKeysAsync();
        var setup = new Command.Setup { Variables = { ["POLICYLAYER_KEYS"] = await File.ReadAllTextAsync(Keys) } };
        Assert.Equal(["approval_required"], (await CheckAsync(setup, Asking, ["--counters", Store])).Codes);
        Command list = await Command.RunAsync(setup, "approvals", "list", "--store", Store, "--json");
        Assert.Equal("hunter2", Assert.Single(list.Lines).GetProperty("arguments").GetProperty("to").GetString());
    }

    [Theory]
    [InlineData(Asking, "--counters")]
    [InlineData(AskingNobody, "--approvals")]
    public async Task Without_keys_nothing_is_kept_where_others_read_it(string policy, string option)
    {
        Command run = await CheckAsync(policy, [option, Store]);
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains("by `--keys FILE` or the variable POLICYLAYER_KEYS", run.Error, StringComparison.Ordinal);
        Assert.Contains("`--plain-approvals`", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(StorePath));
    }

    [Fact]
    public async Task A_policy_that_asks_nobody_needs_no_keys()
    {
        Command run = await CheckAsync(AskingNobody, ["--counters", Store]);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(["allowed"], run.Codes);
    }

    [Theory]
    [InlineData("memory", "The approvals of `memory` end with the process that has them. Help: use `sqlite:PATH`, ")]
    [InlineData("sqlite:no-such-file.db", "`no-such-file.db` doesn't exist.")]
    [InlineData("disk", "`--store` names no place for approvals.")]
    public async Task A_store_that_holds_nothing_for_others_ends_the_command(string store, string expected)
    {
        foreach (string[] command in (string[][])[["list"], ["show", "x"], ["approve", "x"], ["refuse", "x"], ["watch"]])
        {
            Command run = await Command.RunAsync(["approvals", .. command, "--store", store, "--plain-approvals"]);
            Assert.Equal((2, ""), (run.ExitCode, run.Output));
            Assert.StartsWith(expected, run.Error, StringComparison.Ordinal);
            Assert.False(File.Exists("no-such-file.db"));
        }
    }

    [Fact]
    public async Task Other_keys_show_nothing_and_approve_nothing()
    {
        string id = (await CheckAsync(Asking, ["--counters", Store, "--keys", await WriteKeysAsync()]))
            .Lines[0].GetProperty("approval_id").GetString()!;
        await WriteKeysAsync(firstByte: 1);
        foreach (string[] options in (string[][])[["--keys", Keys], ["--plain-approvals"]])
        {
            Command show = await Command.RunAsync(["approvals", "show", id, "--store", Store, .. options]);
            Assert.Contains("can't be read with these keys", show.Output, StringComparison.Ordinal);
            Command approve = await Command.RunAsync(["approvals", "approve", id, "--store", Store, .. options]);
            Assert.Equal((2, ""), (approve.ExitCode, approve.Output));
            Assert.Contains("Help: give the keys", approve.Error, StringComparison.Ordinal);
        }

        Command none = await Command.RunAsync("approvals", "list", "--store", Store);
        Assert.Equal(2, none.ExitCode);
        Assert.Contains("`--plain-approvals`", none.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--keys", "keys.json", "--plain-approvals")]
    [InlineData("--plain-approvals", "--keys", "keys.json")]
    public async Task Keys_and_clear_text_do_not_go_together(params string[] options)
    {
        Command run = await CheckAsync(Asking, options);
        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("`--keys` and `--plain-approvals` don't go together.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_store_is_named()
    {
        await File.WriteAllTextAsync(StorePath, new string('x', 4096));
        string[][] lines = [["approvals", "list", "--store"], ["check", Command.Stellify, "--tool", "run_code", "--approvals"]];
        foreach (string[] line in lines)
        {
            Command run = await Command.RunAsync([.. line, Store, "--plain-approvals"]);
            Assert.Equal((2, ""), (run.ExitCode, run.Output));
            Assert.StartsWith($"`{StorePath}`: ", run.Error, StringComparison.Ordinal);
        }
    }

    [RedisFact]
    public async Task A_server_keeps_both_on_one_connection()
    {
        await using var server = new RedisServer();
        await server.StartAsync(appendFsync: "no");
        string store = "redis://" + server.Configuration.Split(',')[0];
        string[] options = ["--counters", store, "--keys", await WriteKeysAsync()];
        string call = """{"tool":"deploy","arguments":{"to":"hunter2"}}""";
        Command run = await CheckAsync(Asking, options, call);
        string id = run.Lines[0].GetProperty("approval_id").GetString()!;
        Command show = await Command.RunAsync("approvals", "show", id, "--store", store, "--keys", Keys, "--json");
        Command approve = await Command.RunAsync("approvals", "approve", id, "--store", store, "--keys", Keys, "--json");

        Assert.Equal("hunter2", show.Lines[0].GetProperty("arguments").GetProperty("to").GetString());
        Assert.Equal((0, ""), (approve.ExitCode, approve.Error));
        Assert.Equal(["allowed", "approval_required"], (await CheckAsync(Asking, options, call, call)).Codes);
    }

    private async Task<string> WriteKeysAsync(byte firstByte = 0)
    {
        string key = Convert.ToBase64String([firstByte, .. new byte[31]]);
        await File.WriteAllTextAsync(Keys, $$"""{"current":"k","keys":{"k":"{{key}}"} }""");
        return Keys;
    }

    private Task<Command> CheckAsync(string policy, string[] options, params string[] calls) =>
        CheckAsync(new Command.Setup(), policy, options, calls);

    private async Task<Command> CheckAsync(Command.Setup setup, string policy, string[] options, params string[] calls)
    {
        string file = Path.Combine(_folder, "policy.json");
        await File.WriteAllTextAsync(file, policy);
        byte[] input = Encoding.UTF8.GetBytes(string.Join('\n', calls.Length == 0 ? [Deploy] : calls));
        return await Command.RunAsync(setup with { Input = input }, ["check", file, "--calls", "-", "--json", .. options]);
    }
}
