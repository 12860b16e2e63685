using System.Text;
using System.Text.Json;

namespace PolicyLayer.Tests.Cli;

/// <summary><c>counters show</c> and <c>counters reset</c>, on counters that <c>check</c> charged.</summary>
public sealed class CountersTests : IDisposable
{
    private const string Policy =
        """
        {
          "version": "1", "default": "allow", "name": "shop",
          "tools": {
            "pay": {
              "limits": [{ "counter": "spent", "window": "month", "max": 100, "increment_from": "args.amount", "per": "args.to" }]
            },
            "mail": { "limits": [{ "counter": "mails", "window": "hour", "max": 2 }] },
            "deploy": {
              "after": [{ "tool": "test", "within": "hour" }],
              "not_after": [{ "tool": "leak", "within": "day", "scope": "grant" }]
            }
          }
        }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("policylayer").FullName;

    private string Store => "sqlite:" + Path.Combine(_folder, "counters.db");

    [Fact]
    public async Task Shows_what_is_used_up_and_until_when_marks_included_and_no_value()
    {
        await ChargeAsync();
        Command run = await Command.RunAsync("counters", "show", "--store", Store, "--json");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            [
                "leak mark ci - sliding 86400 1", "mails limit ci - fixed 3600 1", "mails limit other - fixed 3600 1",
                "spent limit ci - fixed month 7.5", "test mark ci s recent 3600 1",
            ],
            run.Lines.Select(Describe));
        Assert.Equal("2026-02-01T00:00:00+00:00", run.Lines[3].GetProperty("until").GetString());
        Assert.Equal(32, run.Lines[3].GetProperty("value_digest").GetString()!.Length);
        Assert.DoesNotContain("alice", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_person_reads_a_table()
    {
        await ChargeAsync();
        Command run = await Command.RunAsync("counters", "show", "--store", Store, "--counter", "test");

        Assert.Contains(
            "test (succeeded)  ci, session s  3600 s  1     2026-01-01 01:00:00", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--grant", "other", "mails limit other - fixed 3600 1")]
    [InlineData("--counter", "spent", "spent limit ci - fixed month 7.5")]
    public async Task Shows_those_of_a_grant_or_name(string option, string value, string expected)
    {
        await ChargeAsync();
        Command run = await Command.RunAsync("counters", "show", "--store", Store, "--json", option, value);

        Assert.Equal([expected], run.Lines.Select(Describe));
    }

    [Fact]
    public async Task Resets_what_was_named_and_nothing_else_and_calls_fit_again()
    {
        await ChargeAsync();
        Command run = await Command.RunAsync(
            "counters", "reset", "--store", Store, "--grant", "ci", "--counter", "spent", "--yes", "--json");
        Command left = await Command.RunAsync("counters", "show", "--store", Store, "--json");

        Assert.Equal("{\"reset\":1}\n", run.Output);
        Assert.Equal(4, left.Lines.Count);
        Assert.Equal(["allowed"], (await CheckAsync(Pay("100"))).Codes);
    }

    [Theory]
    [InlineData("y\n", 0, 0)]
    [InlineData("n\n", 1, 5)]
    [InlineData("", 1, 5)]
    public async Task Asks_before_it_resets(string answer, int exitCode, int left)
    {
        await ChargeAsync();
        Command run = await Command.RunAsync(
            new Command.Setup { Input = Encoding.UTF8.GetBytes(answer) }, "counters", "reset", "--store", Store);

        Assert.Equal(exitCode, run.ExitCode);
        Assert.StartsWith("Reset 5 counters?", run.Error, StringComparison.Ordinal);
        Assert.Equal(left, (await Command.RunAsync("counters", "show", "--store", Store, "--json")).Lines.Count);
    }

    [Theory]
    [InlineData("memory", "end with the process")]
    [InlineData("sqlite:no-such-file.db", "`no-such-file.db` doesn't exist.")]
    [InlineData("disk", "names no place")]
    public async Task A_store_that_holds_nothing_for_others_ends_the_command(string store, string expected)
    {
        Command run = await Command.RunAsync("counters", "show", "--store", store);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists("no-such-file.db"));
    }

    [Fact]
    public async Task Other_keys_count_the_same_values_anew_and_the_same_keys_go_on()
    {
        string keys = Path.Combine(_folder, "keys.json");
        string text = $$"""{"current":"k","keys":{"k":"{{Convert.ToBase64String(new byte[32])}}"} }""";
        await File.WriteAllTextAsync(keys, text);

        Assert.Equal(["allowed"], (await CheckAsync(Pay("60"))).Codes);
        Assert.Equal(["allowed"], (await CheckAsync(new Command.Setup(), Pay("60"), "--keys", keys)).Codes);
        var variable = new Command.Setup { Variables = { ["POLICYLAYER_KEYS"] = text } };
        Assert.Equal(["limit_exceeded"], (await CheckAsync(variable, Pay("60"))).Codes);
    }

    [Fact]
    public async Task Keys_that_are_none_end_the_command_and_are_not_shown()
    {
        string keys = Path.Combine(_folder, "keys.json");
        await File.WriteAllTextAsync(keys, """{"current":"k","keys":{"k":"c2VjcmV0"}}""");
        Command run = await CheckAsync(new Command.Setup(), Pay("60"), "--keys", keys);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("keys.json`: A key has 32 bytes.", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("c2VjcmV0", run.Error, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Pay(string amount) =>
        $$"""{"tool":"pay","grant":"ci","arguments":{"amount":{{amount}},"to":"alice"},"at":"2026-01-01T00:00:00Z"}""";

    private static string Describe(JsonElement counter)
    {
        string Read(string name) => counter.TryGetProperty(name, out JsonElement member) ? member.ToString() : "-";
        return string.Join(' ', ((string[])["counter", "kind", "grant", "session", "algorithm", "window", "used"]).Select(Read));
    }

    private Task<Command> ChargeAsync() => CheckAsync(
        Pay("7.5") + """

        {"tool":"mail","grant":"ci"}
        {"tool":"mail","grant":"other"}
        {"tool":"leak","grant":"ci"}
        {"tool":"test","grant":"ci","session":"s"}
        {"complete":"last","outcome":"succeeded"}
        """);

    private Task<Command> CheckAsync(string lines) => CheckAsync(new Command.Setup(), lines);

    private async Task<Command> CheckAsync(Command.Setup setup, string lines, params string[] options)
    {
        string policy = Path.Combine(_folder, "policy.json");
        await File.WriteAllTextAsync(policy, Policy);
        return await Command.RunAsync(
            setup with { Input = Encoding.UTF8.GetBytes(lines) },
            ["check", policy, "--calls", "-", "--json", "--counters", Store, .. options]);
    }
}
