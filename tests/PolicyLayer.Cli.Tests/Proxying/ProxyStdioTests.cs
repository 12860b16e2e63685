using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using PolicyLayer.Tests.Cli.Audit;

namespace PolicyLayer.Tests.Cli.Proxying;

/// <summary><c>proxy</c> between a client and a server, as processes.</summary>
public sealed class ProxyStdioTests : IDisposable
{
    private const string List = """{"jsonrpc":"2.0","id":1,"method":"tools/list"}""";

    private readonly LogFolder _folder = new();

    [Fact]
    public async Task Calls_are_judged_and_recorded_and_only_the_protocol_stands_on_standard_output()
    {
        string policy = ProxyProcess.Policy(_folder, """{"echo":{"rate_limit":{"max":1,"window":"day"}}}""");
        string got = _folder.In("got.txt");
        using var proxy = ProxyProcess.Start(
            [policy, "--audit", _folder.Log, "--server", "files", "--", .. ProxyProcess.Server, $"RECORD={got}"]);

        JsonElement list = await proxy.AskAsync(List);
        JsonElement allowed = await proxy.AskAsync(ProxyProcess.Call(2, "echo", """{"text":"a value"}"""));
        JsonElement spent = await proxy.AskAsync(ProxyProcess.Call(3, "echo"));
        JsonElement hidden = await proxy.AskAsync(ProxyProcess.Call(4, "secret"));
        string first = await proxy.ErrorAsync("");
        (int exitCode, string output, string error) = await proxy.CloseAsync();

        Assert.Equal((0, "", ""), (exitCode, output, error));
        Assert.Equal(["echo", "slow"], list.GetProperty("result").GetProperty("tools").EnumerateArray().Select(Name));
        Assert.Equal("a value", allowed.GetProperty("result").GetProperty("structuredContent").GetProperty("text").GetString());
        Assert.Equal((3, "limit_exceeded"), (spent.GetProperty("id").GetInt32(), CodeOf(spent)));
        Assert.Equal("hidden", CodeOf(hidden));
        Assert.Matches(@"\AGuarding the server `files` \(\S+\) for grant `default`, under policy `p`, revision [0-9a-f]{12}\.\z", first);
        Assert.DoesNotContain("RECORD", first, StringComparison.Ordinal);
        Assert.Equal([List, ProxyProcess.Call(2, "echo", """{"text":"a value"}""")], await File.ReadAllLinesAsync(got));

        Command verified = await Command.RunAsync("audit", "verify", _folder.Log);
        Assert.Equal(0, verified.ExitCode);
        JsonElement[] records = [.. (await File.ReadAllLinesAsync(_folder.Log)).Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.All(
            records.Where(record => Text(record, "kind") == "decision"),
            record => Assert.Equal(("process", "files"), (Text(record, "session_source"), Text(record, "server"))));
        Assert.Single(records.Select(record => Text(record, "session")).OfType<string>().Distinct());
        Assert.DoesNotContain("a value", await File.ReadAllTextAsync(_folder.Log), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_server_gets_none_of_the_proxys_secrets()
    {
        string policy = ProxyProcess.Policy(_folder, """{"environment":{}}""");
        var variables = new Dictionary<string, string>
        {
            ["POLICYLAYER_KEYS"] = LogFolder.Keys,
            ["POLICYLAYER_REDIS_PASSWORD"] = "hunter2",
            ["CANARY"] = "x",
        };
        using var proxy = ProxyProcess.Start(variables, [policy, "--", .. ProxyProcess.Server]);

        JsonElement answer = await proxy.AskAsync(ProxyProcess.Call(1, "environment"));
        await proxy.CloseAsync();

        string names = answer.GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString()!;
        Assert.Contains("CANARY", names, StringComparison.Ordinal);
        Assert.DoesNotContain("POLICYLAYER", names, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_edit_comes_into_force_and_one_with_an_error_is_told()
    {
        string policy = ProxyProcess.Policy(_folder, """{"slow":{}}""");
        using var proxy = ProxyProcess.Start([policy, "--", .. ProxyProcess.Server]);
        Assert.Equal("not_listed", CodeOf(await proxy.AskAsync(ProxyProcess.Call(1, "echo"))));

        ProxyProcess.Write(_folder, "policy.json", ProxyProcess.Document("""{"echo":{"action":"maybe"}}"""));
        string finding = await proxy.ErrorAsync("PL");
        string kept = await proxy.ErrorAsync("isn't taken");
        Assert.Equal("not_listed", CodeOf(await proxy.AskAsync(ProxyProcess.Call(2, "echo"))));
        ProxyProcess.Write(_folder, "policy.json", ProxyProcess.Document("""{"echo":{}}"""));
        string taken = await proxy.ErrorAsync("In force now");
        JsonElement allowed = await proxy.AskAsync(ProxyProcess.Call(3, "echo"));
        (int exitCode, _, string error) = await proxy.CloseAsync();

        Assert.Contains($"error {policy}:1:", finding, StringComparison.Ordinal);
        Assert.Contains("Help: ", finding, StringComparison.Ordinal);
        Assert.Equal("The edit isn't taken, and what was in force stays.", kept);
        Assert.Matches(@"\AIn force now: `\S+policy\.json` \(policy `p`, revision [0-9a-f]{12}\)\.\z", taken);
        Assert.True(allowed.GetProperty("result").TryGetProperty("structuredContent", out _));
        Assert.Equal((0, ""), (exitCode, error));
    }

    [Fact]
    public async Task Programs_read_an_object_a_line()
    {
        string policy = ProxyProcess.Policy(_folder, """{"echo":{"action":"require_approval"}}""");
        using var proxy = ProxyProcess.Start([policy, "--json", "--", .. ProxyProcess.Server]);
        JsonElement waiting = await proxy.AskAsync(ProxyProcess.Call(1, "echo"));
        JsonElement refused = await proxy.AskAsync("""[{"jsonrpc":"2.0","id":1,"method":"ping"}]""");
        ProxyProcess.Write(_folder, "policy.json", ProxyProcess.Document("""{"echo":{},"other":{}}"""));
        string reloaded = await proxy.ErrorAsync("\"reloaded\"");
        ProxyProcess.Write(_folder, "policy.json", "{");
        string rejected = await proxy.ErrorAsync("\"reload_rejected\"");
        await proxy.CloseAsync();

        Assert.Equal("approval_required", CodeOf(waiting));
        Assert.Equal(JsonValueKind.Null, refused.GetProperty("id").ValueKind);
        Assert.Equal("p", JsonDocument.Parse(reloaded).RootElement.GetProperty("policies")[0].GetProperty("name").GetString());
        Assert.Equal("""{"event":"reload_rejected"}""", rejected);
    }

    [Fact]
    public async Task A_client_that_sends_what_is_no_message_floods_nobody()
    {
        string policy = ProxyProcess.Policy(_folder, """{"echo":{}}""");
        using var proxy = ProxyProcess.Start([policy, "--json", "--", .. ProxyProcess.Server]);
        const int Count = 2_000;
        for (int i = 0; i < Count; i++)
        {
            await proxy.AskAsync("hunter2");
        }

        (int exitCode, _, string error) = await proxy.CloseAsync();

        Assert.Equal(0, exitCode);
        JsonElement[] lines = [.. error.Split('\n').Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(["guarding", .. Enumerable.Repeat("log", lines.Length - 1)], lines.Select(line => Text(line, "event")));
        Assert.InRange(lines.Length, 22, 100);
        Assert.DoesNotContain("hunter2", error, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task SIGTERM_answers_what_is_in_flight_and_leaves_no_server_behind()
    {
        string policy = ProxyProcess.Policy(_folder, """{"slow":{}}""");
        string starts = _folder.In("starts.txt");
        using var proxy = ProxyProcess.Start([policy, "--audit", _folder.Log, "--", .. ProxyProcess.Server, $"STARTS={starts}"]);
        await proxy.AskAsync(List);
        await proxy.SendAsync(ProxyProcess.Call(2, "slow"));
        JsonElement pong = await proxy.AskAsync("""{"jsonrpc":"2.0","id":3,"method":"ping"}""");

        await proxy.TerminateAsync();
        JsonElement answer = await proxy.AnswerAsync();
        (int exitCode, string output, _) = await proxy.EndAsync();

        Assert.Equal(3, pong.GetProperty("id").GetInt32());
        Assert.Equal((2, -32603), (answer.GetProperty("id").GetInt32(), answer.GetProperty("error").GetProperty("code").GetInt32()));
        Assert.Equal((0, ""), (exitCode, output));
        int server = int.Parse((await File.ReadAllLinesAsync(starts)).Single(), CultureInfo.InvariantCulture);
        Assert.Throws<ArgumentException>(() => Process.GetProcessById(server));
        Assert.Equal(0, (await Command.RunAsync("audit", "verify", _folder.Log)).ExitCode);
    }

    [Fact]
    public async Task A_server_that_ends_for_good_is_exit_code_1()
    {
        string policy = ProxyProcess.Policy(_folder, """{"echo":{}}""");
        using var proxy = ProxyProcess.Start([policy, "--", .. ProxyProcess.Server, "MODE=silent"]);

        (int exitCode, string output, string error) = await proxy.EndAsync();

        Assert.Equal((1, ""), (exitCode, output));
        Assert.EndsWith("The server ended, and isn't started any more.", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_can_not_be_started_is_exit_code_2()
    {
        string policy = ProxyProcess.Policy(_folder, """{"echo":{}}""");
        using var proxy = ProxyProcess.Start(policy, "--", "no-such-program", "--token", "hunter2");

        (int exitCode, string output, string error) = await proxy.EndAsync();

        Assert.Equal((2, ""), (exitCode, output));
        Assert.Contains("`no-such-program`", error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error, StringComparison.Ordinal);
    }

    /// <summary>What waits is answered from another terminal, and the caller is told where.</summary>
    [Fact]
    public async Task What_waits_is_approved_elsewhere()
    {
        string policy = ProxyProcess.Policy(_folder, """{"echo":{"action":"require_approval"}}""");
        string store = "sqlite:" + _folder.In("agent.db");
        using var proxy = ProxyProcess.Start(
        [
            policy, "--counters", store, "--plain-approvals", "--approval-url", "https://desk.example/{id}", "--", .. ProxyProcess.Server,
        ]);

        JsonElement waiting = await proxy.AskAsync(ProxyProcess.Call(1, "echo"));
        string text = waiting.GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString()!;
        string id = text[(text.LastIndexOf('/') + 1)..];
        Command approved = await Command.RunAsync(
            new Command.Setup { Time = TimeProvider.System }, "approvals", "approve", id, "--store", store, "--plain-approvals");
        JsonElement allowed = await proxy.AskAsync(ProxyProcess.Call(2, "echo"));
        (int exitCode, _, string error) = await proxy.CloseAsync();

        Assert.EndsWith($" A person answers at https://desk.example/{id}", text, StringComparison.Ordinal);
        Assert.Equal(0, approved.ExitCode);
        Assert.True(allowed.GetProperty("result").TryGetProperty("structuredContent", out _));
        Assert.Equal(0, exitCode);
        Assert.StartsWith("Guarding", error, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static string? Name(JsonElement tool) => Text(tool, "name");

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    private static string? CodeOf(JsonElement answer) =>
        answer.GetProperty("result").GetProperty("_meta").GetProperty("policylayer/denial").GetProperty("code").GetString();
}
