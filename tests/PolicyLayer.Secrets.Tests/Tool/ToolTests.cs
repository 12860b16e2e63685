using System.Text;
using PolicyLayer.Tests.Cli;
using PolicyLayer.Tests.Redis;
using PolicyLayer.Tests.Secrets.Searching;

namespace PolicyLayer.Tests.Secrets.Tool;

/// <summary>What the command prints and writes, of good calls and bad ones, says nothing of their values.</summary>
public sealed class ToolTests : IDisposable
{
    private const string Policy = """
        { "version": "1", "default": "deny", "tools": {
          "allow": {}, "deny": { "action": "deny" },
          "rule": { "require": [{ "conditions": [{ "path": "args.v", "op": "regex", "value": "^x$" }] }] },
          "fact": { "deny_if": [{ "conditions": [{ "path": "context.v", "op": "neq", "value": "x" }] }] },
          "attribute": { "deny_if": [{ "conditions": [{ "path": "grant.team", "op": "neq", "value": "x" }] }] },
          "schema": { "arguments": { "properties": { "v": { "enum": ["x"] } } } },
          "count": { "limits": [{ "counter": "c", "window": "day", "max": 1, "per": ["args.v", "context.v"] }] },
          "ask": { "action": "require_approval" } } }
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("policylayer-secrets-");
    private readonly Plant _plant = new();
    private readonly Witness _witness = new();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public Task On_a_file_of_sqlite() => RunAllAsync("sqlite:" + FileOf("store.db"));

    [RedisFact]
    public async Task On_redis()
    {
        await using var server = new RedisServer();
        await server.StartAsync(appendFsync: "no");
        await RunAllAsync("redis://" + server.Configuration.Split(',')[0]);
    }

    [Fact]
    public async Task Lines_that_are_none_say_where_they_are_wrong_and_not_what_stands_there()
    {
        string policy = await WriteAsync("policy.json", Policy);
        foreach (string line in (string[])
        [
            $$"""{"tool":"allow","arguments":{"v":"{{Text("unended line")}}" """,
            $$"""{"tool":"allow","arguments":{"v":{{Text("bare value")}} } }""",
            $$"""{"tool":"allow","arguments":{"v":"{{Text("control")}}{{'\t'}}"} }""",
            $$"""{"tool":"allow","arguments":{"v":"{{Text("escape")}}\x"} }""",
            $$"""{"tool":"allow","arguments":{"v":1},"arguments":{"v":"{{Text("twice")}}"} }""",
            $$"""{"tool":"allow","argumets":{"v":"{{Text("misspelt")}}"} }""",
            $$"""{"tool":"allow","context":{"v":"{{Text("context of a bad line")}}"},"surprise":{"v":"{{Text("surprise")}}"} }""",
            $$"""["{{Text("list")}}"]""",
            $$"""{"tool":"allow","arguments":{"v":"{{Text("trailing")}}"} } "{{Text("behind")}}" """,
        ])
        {
            Command run = await RunAsync(line, "check", policy, "--calls", "-", "--json");
            Assert.True(run.ExitCode == 2, line + run.Output);
        }

        foreach (string arguments in (string[])
            [$$"""{"v":"{{Text("unended argument")}}""", Text("bare argument"), $$"""{"v":"{{Text("bad escape")}}\x"}"""])
        {
            await RunAsync(null, "check", policy, "--tool", "allow", "--args", arguments);
        }

        _witness.AssertHasNone(_plant.Secrets);
    }

    [Fact]
    public async Task Files_of_grants_say_what_is_wrong_and_not_what_stands_there()
    {
        string policy = await WriteAsync("policy.json", Policy);
        foreach (string grant in (string[])
        [
            $$""" "id": "g", "token_sha256": "{{Text("a token")}}" """,
            $$""" "id": "g", "token_sha256": { "{{Text("a token's name")}}": "{{Text("a token's value")}}" } """,
            $$""" "id": "g", "attributes": { "a": ["{{Text("an attribute")}}"], "b": {{_plant.Number("an attribute's number")}} } """,
            $$""" "id": "g", "attributes": "{{Text("attributes")}}" """,
            $$""" "id": "g", "attributes": { "a": "{{Text("one")}}", "a": "{{Text("another")}}", "A": "{{Text("a third")}}" } """,
            $$""" "id": "g", "token_sha256": "{{Text("an unended token")}} """,
        ])
        {
            string file = await WriteAsync("grants.json", $$"""{ "grants": [{ {{grant}} }] }""");
            foreach (string[] line in (string[][])
                [["grant", "list", "--grants", file], ["grant", "list", "--grants", file, "--json"],
                 ["check", policy, "--tool", "allow", "--grants", file], ["grant", "revoke", "g", "--grants", file]])
            {
                Assert.Equal(2, (await RunAsync(null, line)).ExitCode);
            }
        }

        _witness.AssertHasNone(_plant.Secrets);
    }

    /// <summary>What the search would find: an author's words are printed.</summary>
    [Fact]
    public async Task What_is_printed_is_seen()
    {
        string policy = await WriteAsync(
            "policy.json", $$"""{"version":"1","default":"deny","tools":{"t":{"action":"deny","reason":"{{Text("reason")}}"} } }""");
        await RunAsync(null, "check", policy, "--tool", "t");
        await RunAsync(null, "check", Text("path"), "--tool", "t");
        Assert.Equal(["standard output"], _witness.PlacesOf(_plant.Secrets[0]));
        Assert.Equal(["standard error"], _witness.PlacesOf(_plant.Secrets[1]));
    }

    private async Task RunAllAsync(string store)
    {
        string policy = await WriteAsync("policy.json", Policy);
        string keys = await WriteAsync("keys.json", $$"""{"current":"k","keys":{"k":"{{Convert.ToBase64String(new byte[32])}}"} }""");
        string grants = await WriteAsync(
            "grants.json",
            $$"""
            { "grants": [{ "id": "g", "attributes": { "team": "{{Text("attribute of a grant")}}" },
              "token_sha256": "{{PolicyLayer.Grants.GrantToken.Hash(Text("token of a grant"))}}" }] }
            """);
        string log = FileOf("audit.jsonl");
        string[] stores = ["--counters", store, "--approvals", store, "--keys", keys, "--grants", grants];
        foreach (string[] form in (string[][])[[], ["--json"], ["--explain"], ["--explain", "--json"]])
        {
            await RunAsync(Lines(string.Concat(form)), ["check", policy, "--calls", "-", .. stores, "--audit", log, .. form]);
        }

        await AnswerAsync(policy, [.. stores, "--audit", log], ["--store", store, "--keys", keys]);
        foreach (string[] line in (string[][])
        [
            ["counters", "show", "--store", store], ["counters", "show", "--store", store, "--json"],
            ["audit", "tail", log], ["audit", "stats", log], ["audit", "stats", log, "--json"], ["audit", "verify", log, "--keys", keys],
            ["audit", "export", log], ["audit", "export", log, "--format", "csv"], ["audit", "head", log],
        ])
        {
            Command run = await RunAsync(null, line);
            Assert.True(run.ExitCode == 0, $"{string.Join(' ', line)}: {run.Error}");
        }

        _witness.AssertHasNone(_plant.Secrets);
        await ListGrantsAsync(grants);
        File.Delete(grants);
        _witness.SeeFiles("files", _folder.FullName);
        _witness.AssertHasNone(_plant.Secrets.Where(secret => secret.Position != "attribute of a grant"));
    }

    /// <summary>Requests that ended: what waits is shown whole, on purpose.</summary>
    private async Task AnswerAsync(string policy, string[] stores, string[] store)
    {
        foreach (string answer in (string[])["approve", "refuse"])
        {
            string nested = $$"""{"{{Text("name to " + answer)}}":{{_plant.Number("number to " + answer)}} }""";
            string arguments = $$"""{"v":"{{Text(answer)}}","o":{{nested}} }""";
            string[] check = ["check", policy, "--tool", "ask", "--grant", "g", "--args", arguments, "--json", .. stores];
            Command asked = await RunAsync(null, check);
            string id = asked.Lines[0].GetProperty("approval_id").GetString()!;
            Command answered = await RunAsync(null, ["approvals", answer, id, .. store, "--by", "alice"]);
            Assert.True(answered.ExitCode == 0, answered.Error);
            await RunAsync(null, check);
            foreach (string[] shown in (string[][])[["show", id], ["show", id, "--json"], ["list"], ["list", "--json"]])
            {
                Command run = await RunAsync(null, ["approvals", .. shown, .. store]);
                Assert.True(run.ExitCode == 0, run.Error);
            }
        }
    }

    /// <summary>A grant's attributes are shown to whoever has the file, its token's hash isn't.</summary>
    private async Task ListGrantsAsync(string grants)
    {
        foreach (string[] form in (string[][])[[], ["--json"]])
        {
            Command run = await RunAsync(null, ["grant", "list", "--grants", grants, .. form]);
            Assert.Equal(0, run.ExitCode);
        }

        await RunAsync(null, "grant", "revoke", "g", "--grants", grants);
    }

    private string Lines(string form)
    {
        var lines = new StringBuilder();
        foreach (string tool in (string[])["allow", "deny", "rule", "fact", "attribute", "schema", "count", "count", "hidden", "ask"])
        {
            string name = $"{tool}{form} {lines.Length}";
            string full = $$"""{"v":"{{Text(name)}}","l":[{"{{Text("name " + name)}}":{{_plant.Number("number " + name)}}}]}""";
            string context = $$"""{"v":"{{Text("context " + name)}}"}""";
            lines.Append($$"""{"tool":"{{tool}}","grant":"g","arguments":{{full}},"context":{{context}}}""").Append('\n');
        }

        // What waits is shown whole, on purpose.
        lines.Append("{\"refuse\":\"last\",\"by\":\"bob\"}\n");
        foreach (string bad in (string[])
        [
            $$"""{"v":"{{Text("duplicate" + form)}}","v":1}""",
            $$"""{"v":"{{Text("surrogate" + form)}}\ud800"}""",
            $"[\"{Text("list" + form)}\"]",
        ])
        {
            lines.Append($$"""{"tool":"allow","grant":"g","arguments":{{bad}}}""").Append('\n');
            lines.Append($$"""{"tool":"allow","grant":"g","context":{{bad}}}""").Append('\n');
        }

        return lines.ToString();
    }

    private string Text(string position) => _plant.Text(position);

    private async Task<Command> RunAsync(string? input, params string[] line)
    {
        Command run = await Command.RunAsync(new Command.Setup { Input = Encoding.UTF8.GetBytes(input ?? "") }, line);
        _witness.See("standard output", run.Output);
        _witness.See("standard error", run.Error);
        return run;
    }

    private string FileOf(string name) => Path.Combine(_folder.FullName, name);

    private async Task<string> WriteAsync(string name, string text)
    {
        await File.WriteAllTextAsync(FileOf(name), text);
        return FileOf(name);
    }
}
