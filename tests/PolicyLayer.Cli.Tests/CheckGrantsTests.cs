using System.Text;

namespace PolicyLayer.Tests.Cli;

/// <summary><c>check</c> with and without <c>--grants</c>, and grants that a line revokes.</summary>
public sealed class CheckGrantsTests : IDisposable
{
    private const string Shop = """
        { "version": "1", "name": "shop", "default": "deny", "tools": {
          "buy": { "require": [{ "conditions": [{ "path": "grant.team", "op": "eq", "value": "sales" }] }] }, "look": {} } }
        """;

    private const string Support = """{ "version": "1", "name": "support", "default": "deny", "tools": { "answer": {} } }""";

    private const string Grants = """
        { "grants": [
          { "id": "a", "attributes": { "team": "sales" } },
          { "id": "b", "policy": "support" },
          { "id": "c", "policy": "shop", "expires": "2026-01-01T00:01:00Z" },
          { "id": "d", "revoked": true } ] }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("policylayer").FullName;

    [Fact]
    public async Task Each_grants_calls_are_judged_by_its_policy_and_attributes_while_it_is_in_force()
    {
        Command run = await RunAsync(
            Grants,
            """{"tool":"buy","grant":"a","expect":"allowed"}""",
            """{"tool":"answer","grant":"a","expect":"not_listed"}""",
            """{"tool":"answer","grant":"b","expect":"allowed"}""",
            """{"tool":"look","grant":"b","expect":"not_listed"}""",
            """{"tool":"buy","grant":"c","at":"2026-01-01T00:00:59Z","expect":"require_failed"}""",
            """{"tool":"buy","grant":"c","at":"2026-01-01T00:01:00Z","expect":"grant_expired"}""",
            """{"tool":"look","grant":"d","expect":"grant_revoked"}""",
            """{"tool":"look","grant":"A","expect":"grant_unknown"}""",
            """{"tool":"look","expect":"grant_unknown"}""");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
    }

    [Fact]
    public async Task A_revoked_grant_is_so_from_the_next_call_on_in_this_run_alone()
    {
        string[] lines =
        [
            """{"tool":"look","grant":"a","expect":"allowed"}""",
            """{"revoke":"a"}""",
            """{"tool":"look","grant":"a","expect":"grant_revoked"}""",
            """{"tool":"answer","grant":"b","expect":"allowed"}""",
            """{"revoke":"a"}""",
        ];
        Command run = await RunAsync(Grants, lines);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal("""{"event":"revoke","ok":true}""", run.Output.Split('\n')[1]);
        Assert.Equal("""{"event":"revoke","ok":true}""", run.Output.Split('\n')[4]);
        Assert.Equal(Grants, await File.ReadAllTextAsync(Path.Combine(_folder, "grants.json")));
        Assert.Equal(0, (await RunAsync(Grants, lines)).ExitCode);
    }

    [Fact]
    public async Task Revoking_what_the_file_does_not_have_is_not_ok_and_the_run_goes_on()
    {
        Command run = await RunAsync(Grants, """{"revoke":"nobody"}""", """{"tool":"look","grant":"a"}""");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal("""{"event":"revoke","ok":false,"reason":"unknown"}""", run.Output.Split('\n')[0]);
        Assert.Equal("stdin:1: `nobody` is no grant of the file.\n0 as expected, 0 not; 1 line failed.\n", run.Error);
        Assert.Equal(["allowed"], run.Codes);
    }

    [Fact]
    public async Task Without_a_file_every_grant_is_known_until_it_is_revoked()
    {
        Command run = await RunAsync(
            grants: null,
            """{"tool":"look","grant":"anybody","expect":"allowed"}""",
            """{"tool":"look","expect":"allowed"}""",
            """{"tool":"answer","grant":"b","expect":"not_listed"}""",
            """{"tool":"buy","grant":"anybody","expect":"require_failed"}""",
            """{"revoke":"anybody"}""",
            """{"tool":"look","grant":"anybody","expect":"grant_revoked"}""",
            """{"tool":"look","expect":"allowed"}""",
            """{"revoke":"default"}""",
            """{"tool":"look","expect":"grant_revoked"}""");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
    }

    [Fact]
    public async Task One_call_is_judged_for_its_grant()
    {
        string grants = Write("grants.json", Grants);
        string[] line = ["check", Write("shop.json", Shop), "--policy", Write("support.json", Support), "--grants", grants, "--json"];
        Command known = await Command.RunAsync([.. line, "--tool", "answer", "--grant", "b"]);
        Command unknown = await Command.RunAsync([.. line, "--tool", "answer"]);

        Assert.Equal((0, "", "allowed"), (known.ExitCode, known.Error, Assert.Single(known.Codes)));
        Assert.Equal((0, "", "grant_unknown"), (unknown.ExitCode, unknown.Error, Assert.Single(unknown.Codes)));
    }

    [Theory]
    [InlineData("""{ "grants": [{ "id": "a", "policy": "shops" }] }""", "PL3003", "did you mean `shop`?")]
    [InlineData("""{ "grants": [{ "id": "a" }, { "id": "a" }] }""", "PL3002", "earlier grant")]
    [InlineData("""{ "grants": [{ "id": "a", "polcy": "shop" }] }""", "PL1101", "did you mean `policy`?")]
    [InlineData("grants", "PL1001", "JSON")]
    public async Task A_file_with_an_error_ends_the_command_with_its_findings(string grants, string id, string text)
    {
        Command run = await RunAsync(grants, """{"tool":"look","grant":"a"}""");

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains(id + " error " + Path.Combine(_folder, "grants.json") + ":1:", run.Error, StringComparison.Ordinal);
        Assert.Contains(text, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_file_or_two_policies_of_one_name_end_the_command()
    {
        string shop = Write("shop.json", Shop);
        string again = Write("again.json", Shop);
        Command missing = await Command.RunAsync(
            "check", shop, "--tool", "look", "--grants", Path.Combine(_folder, "none.json"));
        Command twice = await Command.RunAsync("check", shop, "--policy", again, "--tool", "look");

        Assert.Equal((2, $"`{Path.Combine(_folder, "none.json")}` doesn't exist.\n"), (missing.ExitCode, missing.Error));
        Assert.Equal(2, twice.ExitCode);
        Assert.Equal(
            $"`{shop}` and `{again}` are both named `shop`. Help: give each a `name` of its own.\n", twice.Error);
    }

    [Fact]
    public async Task A_person_reads_why_an_event_is_not_ok()
    {
        const string Revoke = """{"revoke":"nobody"}""";
        string[] line =
        [
            "check", Write("shop.json", Shop), "--policy", Write("support.json", Support), "--grants", Write("grants.json", Grants),
            "--calls",
        ];
        Command list = await Command.RunAsync(new Command.Setup { Input = Encoding.UTF8.GetBytes(Revoke) }, [.. line, "-"]);
        Command table = await Command.RunAsync([.. line, Write("calls.jsonl", Revoke)]);

        Assert.Equal("  revoke: not ok, unknown\n", list.Output);
        Assert.Matches("revoke +not ok +unknown", table.Output);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<Command> RunAsync(string? grants, params string[] lines)
    {
        string[] file = grants is null ? [] : ["--grants", Write("grants.json", grants)];
        return Command.RunAsync(
            new Command.Setup { Input = Encoding.UTF8.GetBytes(string.Join('\n', lines)) },
            ["check", Write("shop.json", Shop), "--policy", Write("support.json", Support), .. file, "--calls", "-", "--json"]);
    }

    private string Write(string name, string text)
    {
        string file = Path.Combine(_folder, name);
        File.WriteAllText(file, text);
        return file;
    }
}
