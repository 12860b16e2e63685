using System.Text;
using System.Text.Json;
using PolicyLayer.Grants;

namespace PolicyLayer.Tests.Cli;

/// <summary><c>grant new</c>, <c>list</c>, <c>revoke</c> and <c>expire</c>.</summary>
public sealed class GrantTests : IDisposable
{
    private const string Now = "2026-01-01T00:00:30Z";

    private const string Grants = """
        {
          "grants": [
            { "id": "ci", "label": "Build server" },
            {"id":"bot","policy":"support" , "attributes":{"team":"build"}},
            {
              "revoked" : false,
              "id"      : "old",
              "expires" : "2020-01-01T00:00:00Z"
            }
          ]
        }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("policylayer").FullName;

    private string GrantsFile => Path.Combine(_folder, "grants.json");

    [Fact]
    public async Task New_shows_an_entry_and_its_token_once_and_writes_nothing()
    {
        Command run = await Command.RunAsync(
            "grant", "new", "--id", "ci", "--policy", "shop", "--label", "Build \"1\" é", "--attribute", "team=build",
            "--attribute", "expr=a=b", "--expires", "2027-01-31T19:00:00+01:00", "--json");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        JsonElement line = Assert.Single(run.Lines);
        Assert.Equal(["grant", "token"], line.EnumerateObject().Select(member => member.Name));
        Grant grant = Assert.Single(GrantDocument.Parse($"{{\"grants\":[{line.GetProperty("grant").GetRawText()}]}}"));
        string token = line.GetProperty("token").GetString()!;
        Assert.Equal(43, token.Length);
        Assert.Equal(
            ("ci", "shop", "Build \"1\" é", new DateTimeOffset(2027, 1, 31, 18, 0, 0, TimeSpan.Zero), GrantToken.Hash(token)),
            (grant.Id, grant.PolicyName, grant.Label, grant.Expires, grant.TokenSha256));
        Assert.Equal(new Dictionary<string, string> { ["team"] = "build", ["expr"] = "a=b" }, grant.Attributes);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public async Task A_person_reads_the_entry_and_the_token()
    {
        Command run = await Command.RunAsync("grant", "new", "--id", "ci");
        Command other = await Command.RunAsync("grant", "new", "--id", "ci");

        string[] lines = run.Output.TrimEnd('\n').Split('\n');
        const string Announced = "Token, shown only now: ";
        Assert.StartsWith(Announced, lines[^1], StringComparison.Ordinal);
        Grant grant = Assert.Single(GrantDocument.Parse($"{{\"grants\":[{string.Join('\n', lines[..^1])}]}}"));
        Assert.Equal(GrantToken.Hash(lines[^1][Announced.Length..]), grant.TokenSha256);
        Assert.NotEqual(run.Output, other.Output);
    }

    [Fact]
    public async Task New_goes_behind_the_others_and_leaves_them_as_they_stand()
    {
        await File.WriteAllTextAsync(GrantsFile, Grants);
        Command run = await NewAsync("new", "--attribute", "a=1", "b=2", "--json");

        string token = run.Lines[0].GetProperty("token").GetString()!;
        string added = $$"""
            ,
                {
                  "id": "new",
                  "attributes": {
                    "a": "1",
                    "b": "2"
                  },
                  "token_sha256": "{{GrantToken.Hash(token)}}"
                }
            """;
        string text = await File.ReadAllTextAsync(GrantsFile);
        Assert.Equal(Grants.Insert(Grants.LastIndexOf('}', Grants.LastIndexOf(']')) + 1, added), text);
        Assert.Equal((0, $"Added to `{GrantsFile}`.\n"), (run.ExitCode, run.Error));
        Assert.Equal("new", new GrantDirectory(GrantDocument.ParseFile(GrantsFile)).FindByToken(token)?.Id);
        Assert.DoesNotContain(token, text, StringComparison.Ordinal);
        Assert.Single(Directory.GetFileSystemEntries(_folder));
    }

    /// <summary>A file, and what it is with a grant more, the entry cut short.</summary>
    [Theory]
    [InlineData("""{"grants":[]}""", """{"grants":[ENTRY]}""")]
    [InlineData("""{"grants":[{"id":"a"}]}""", """{"grants":[{"id":"a"},ENTRY]}""")]
    [InlineData("""{ "grants": [ {"id":"a"}, {"id":"b"} ] }""", """{ "grants": [ {"id":"a"}, {"id":"b"}, ENTRY ] }""")]
    [InlineData(
        "{\n\t\"grants\": [\n\t\t{ \"id\": \"a\" }\n\t],\n\t\"$schema\": \"x\"\n}",
        "{\n\t\"grants\": [\n\t\t{ \"id\": \"a\" },\n\t\tENTRY\n\t],\n\t\"$schema\": \"x\"\n}")]
    [InlineData(
        "{ \"$schema\": \"[{]}\",\n \"\\u0067rants\" : [ ] }\r\n",
        "{ \"$schema\": \"[{]}\",\n \"\\u0067rants\" : [\r\n    ENTRY\r\n  ] }\r\n")]
    [InlineData("\uFEFF{\"grants\":[{\"id\":\"\u00E9\"}]}", "\uFEFF{\"grants\":[{\"id\":\"\u00E9\"},ENTRY]}")]
    public async Task New_is_spaced_as_its_neighbours_are(string before, string expected)
    {
        await File.WriteAllBytesAsync(GrantsFile, Encoding.UTF8.GetBytes(before));
        Assert.Equal(0, (await NewAsync("new")).ExitCode);

        string text = Encoding.UTF8.GetString(await File.ReadAllBytesAsync(GrantsFile));
        int start = text.LastIndexOf('{');
        Assert.Equal(expected, text[..start] + "ENTRY" + text[(text.IndexOf('}', start) + 1)..]);
    }

    [Fact]
    public async Task Lines_end_as_they_do_in_the_file()
    {
        await File.WriteAllTextAsync(GrantsFile, Grants.ReplaceLineEndings("\r\n"));
        await NewAsync("new", "--attribute", "a=1");
        await Command.RunAsync("grant", "revoke", "old", "--grants", GrantsFile);
        await Command.RunAsync("grant", "expire", "new", "--grants", GrantsFile);

        string text = await File.ReadAllTextAsync(GrantsFile);
        Assert.Equal(text.ReplaceLineEndings("\r\n"), text);
        Assert.EndsWith("\",\r\n      \"expires\": \"" + Now + "\"\r\n    }\r\n  ]\r\n}", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task New_makes_a_file_that_is_not_there_and_says_so()
    {
        Command run = await NewAsync("ci");

        Assert.Equal((0, $"Added to `{GrantsFile}`, which is new.\n"), (run.ExitCode, run.Error));
        string text = await File.ReadAllTextAsync(GrantsFile);
        Assert.StartsWith("{\n  \"grants\": [\n    {\n      \"id\": \"ci\",\n", text, StringComparison.Ordinal);
        Assert.EndsWith("\n    }\n  ]\n}\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("`--id`: `ci` is the id of an earlier grant.", "--id", "ci")]
    [InlineData("`--id`: `` has 0 characters", "--id", "")]
    [InlineData("`--policy`: `` has 0 characters", "--id", "x", "--policy", "")]
    [InlineData("`--expires`: `2027-01-31` is no date and time with an offset", "--id", "x", "--expires", "2027-01-31")]
    [InlineData("add the offset", "--id", "x", "--expires", "2027-01-31T18:00:00")]
    [InlineData("`--attribute`: `Team` differs from `team` by case only.", "--id", "x", "--attribute", "team=a", "--attribute", "Team=b")]
    [InlineData("`--attribute`: `team` stands twice", "--id", "x", "--attribute", "team=a", "team=b")]
    [InlineData("`--attribute` must be a name", "--id", "x", "--attribute", "team")]
    [InlineData("`--attribute` must be a name", "--id", "x", "--attribute", "=build")]
    [InlineData("--id", "--label", "nobody")]
    public async Task What_no_grant_may_be_is_refused_and_nothing_changes(string expected, params string[] options)
    {
        await File.WriteAllTextAsync(GrantsFile, Grants);
        Command run = await Command.RunAsync(["grant", "new", .. options, "--grants", GrantsFile]);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
        Assert.Equal(Grants, await File.ReadAllTextAsync(GrantsFile));
        Assert.Single(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public async Task List_tells_which_are_in_force_and_shows_no_hash()
    {
        await File.WriteAllTextAsync(GrantsFile, Grants);
        await NewAsync("new", "--expires", "2026-01-01T00:00:31Z");
        Command run = await Command.RunAsync("grant", "list", "--grants", GrantsFile, "--json");
        Command table = await Command.RunAsync("grant", "list", "--grants", GrantsFile);

        Assert.Equal(
            [
                """{"id":"ci","label":"Build server","revoked":false,"has_token":false,"status":"active"}""",
                """{"id":"bot","policy":"support","attributes":{"team":"build"},"revoked":false,"has_token":false,"status":"active"}""",
                """{"id":"old","expires":"2020-01-01T00:00:00+00:00","revoked":false,"has_token":false,"status":"expired"}""",
                """{"id":"new","expires":"2026-01-01T00:00:31+00:00","revoked":false,"has_token":true,"status":"active"}""",
            ],
            run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Matches(@"bot +active +support +no +team=build", table.Output);
        Assert.Matches(@"old +expired +2020-01-01 00:00:00 +no", table.Output);
        string hash = GrantDocument.ParseFile(GrantsFile)[^1].TokenSha256!;
        Assert.DoesNotContain(hash[..8], run.Output + table.Output, StringComparison.Ordinal);
    }

    /// <summary>What stands for an entry, and what for it afterwards.</summary>
    [Theory]
    [InlineData("ci", "\"Build server\" }", "\"Build server\", \"revoked\": true }")]
    [InlineData("bot", "{\"team\":\"build\"}}", "{\"team\":\"build\"}, \"revoked\":true}")]
    [InlineData("old", "\"revoked\" : false", "\"revoked\" : true")]
    public async Task Revoke_changes_that_and_nothing_else(string id, string before, string after)
    {
        await File.WriteAllTextAsync(GrantsFile, Grants);
        Command run = await Command.RunAsync("grant", "revoke", id, "--grants", GrantsFile, "--json");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        JsonElement line = Assert.Single(run.Lines);
        Assert.Equal(
            (true, id, "revoked"),
            (line.GetProperty("ok").GetBoolean(), line.GetProperty("id").GetString(), line.GetProperty("status").GetString()));
        Assert.Equal(Grants.Replace(before, after, StringComparison.Ordinal), await File.ReadAllTextAsync(GrantsFile));
        Assert.True(GrantDocument.ParseFile(GrantsFile).Single(grant => grant.Id == id).IsRevoked);
    }

    [Theory]
    [InlineData("ci", null, "\"Build server\" }", "\"Build server\", \"expires\": \"" + Now + "\" }", "expired")]
    [InlineData("ci", "2026-01-01T00:00:31Z", "\"Build server\" }", "\"Build server\", \"expires\": \"2026-01-01T00:00:31Z\" }", "active")]
    [InlineData("old", "2027-01-31T19:00:00+01:00", "2020-01-01T00:00:00Z", "2027-01-31T19:00:00+01:00", "active")]
    [InlineData("old", null, "", "", "expired")]
    public async Task Expire_says_when_a_grant_ends(string id, string? at, string before, string after, string status)
    {
        await File.WriteAllTextAsync(GrantsFile, Grants);
        string[] moment = at is null ? [] : ["--at", at];
        Command run = await Command.RunAsync(["grant", "expire", id, "--grants", GrantsFile, "--json", .. moment]);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(status, Assert.Single(run.Lines).GetProperty("status").GetString());
        string expected = before.Length == 0 ? Grants : Grants.Replace(before, after, StringComparison.Ordinal);
        Assert.Equal(expected, await File.ReadAllTextAsync(GrantsFile));
    }

    [Fact]
    public async Task A_moment_that_is_none_is_refused()
    {
        await File.WriteAllTextAsync(GrantsFile, Grants);
        Command run = await Command.RunAsync("grant", "expire", "ci", "--at", "tomorrow\"", "--grants", GrantsFile);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.StartsWith("`--at`: `tomorrow\"` is no date and time with an offset", run.Error, StringComparison.Ordinal);
        Assert.Equal(Grants, await File.ReadAllTextAsync(GrantsFile));
    }

    [Theory]
    [InlineData("revoke")]
    [InlineData("expire")]
    public async Task A_grant_that_is_not_there_is_said_and_nothing_changes(string command)
    {
        await File.WriteAllTextAsync(GrantsFile, Grants);
        Command run = await Command.RunAsync("grant", command, "CI", "--grants", GrantsFile, "--json");

        Assert.Equal((1, """{"ok":false,"id":"CI","reason":"unknown"}""" + "\n"), (run.ExitCode, run.Output));
        Assert.StartsWith($"`CI` is no grant of `{GrantsFile}`.", run.Error, StringComparison.Ordinal);
        Assert.Equal(Grants, await File.ReadAllTextAsync(GrantsFile));
    }

    public static TheoryData<string[]> Commands { get; } =
        [["new", "--id", "x"], ["list"], ["revoke", "ci"], ["expire", "ci"]];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task A_file_with_an_error_is_refused_with_its_findings(string[] command)
    {
        const string Broken = """{ "grants": [{ "id": "ci", "revokd": true }, { "id": "cd", "expires": "soon" }] }""";
        await File.WriteAllTextAsync(GrantsFile, Broken);
        Command run = await Command.RunAsync(["grant", .. command, "--grants", GrantsFile, "--json"]);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains($"PL1101 error {GrantsFile}:1:28 /grants/0/revokd:", run.Error, StringComparison.Ordinal);
        Assert.Contains("PL3005 error", run.Error, StringComparison.Ordinal);
        Assert.Equal(Broken, await File.ReadAllTextAsync(GrantsFile));
    }

    [Theory]
    [InlineData("list")]
    [InlineData("revoke", "ci")]
    [InlineData("expire", "ci")]
    public async Task A_file_that_is_not_there_ends_the_command_and_is_not_made(params string[] command)
    {
        Command run = await Command.RunAsync(["grant", .. command, "--grants", GrantsFile]);
        Command folder = await Command.RunAsync(["grant", .. command, "--grants", _folder]);

        Assert.Equal((2, $"`{GrantsFile}` doesn't exist.\n"), (run.ExitCode, run.Error));
        Assert.Equal(2, folder.ExitCode);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public async Task A_warning_is_shown_and_changes_nothing_else()
    {
        await File.WriteAllTextAsync(GrantsFile, """{ "grants": [{ "id": "ci" }, { "id": "CI" }] }""");
        Command run = await Command.RunAsync("grant", "revoke", "CI", "--grants", GrantsFile);

        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("PL3501 warning", run.Error, StringComparison.Ordinal);
        Assert.Equal([false, true], GrantDocument.ParseFile(GrantsFile).Select(grant => grant.IsRevoked));
        Command added = await NewAsync("Ci");
        Assert.Equal(["PL3501", "PL3501", "Added"], added.Error.TrimEnd('\n').Split('\n').Select(line => line.Split(' ')[0]));
    }

    [Fact]
    public async Task A_link_stays_a_link_and_permissions_stay()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        string link = Path.Combine(_folder, "link.json");
        await File.WriteAllTextAsync(GrantsFile, Grants);
        File.SetUnixFileMode(GrantsFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        File.CreateSymbolicLink(link, GrantsFile);
        Assert.Equal(0, (await Command.RunAsync("grant", "revoke", "ci", "--grants", link)).ExitCode);

        Assert.Equal(GrantsFile, new FileInfo(link).LinkTarget);
        Assert.True(GrantDocument.ParseFile(GrantsFile)[0].IsRevoked);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, File.GetUnixFileMode(GrantsFile));
    }

    [Fact]
    public async Task A_relative_link_named_without_a_folder_leads_from_where_it_stands()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        // Such a name is one of the current directory, which the tests of this process share.
        string name = Path.GetRandomFileName();
        DirectoryInfo folder = Directory.CreateDirectory(Path.GetFullPath(name));
        string link = name + ".json";
        string file = Path.Combine(folder.FullName, "grants.json");
        try
        {
            await File.WriteAllTextAsync(file, Grants);
            File.CreateSymbolicLink(link, Path.Combine(name, "grants.json"));
            Command run = await Command.RunAsync("grant", "revoke", "ci", "--grants", link);

            Assert.Equal((0, ""), (run.ExitCode, run.Error));
            Assert.True(GrantDocument.ParseFile(file)[0].IsRevoked);
            Assert.Equal(Path.Combine(name, "grants.json"), new FileInfo(link).LinkTarget);
        }
        finally
        {
            File.Delete(link);
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task New_names_the_folder_that_is_not_there()
    {
        string folder = Path.Combine(_folder, "none");
        Command run = await Command.RunAsync("grant", "new", "--id", "ci", "--grants", Path.Combine(folder, "grants.json"));

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Equal($"The folder `{folder}` doesn't exist. Help: make it first.\n", run.Error);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public async Task Commands_at_the_same_time_lose_nothing_of_each_other_and_readers_see_whole_files()
    {
        const int Count = 24;
        await File.WriteAllTextAsync(GrantsFile, Grants);
        using var done = new CancellationTokenSource();
        Task reading = Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
            {
                Assert.True(GrantDocument.LoadFile(GrantsFile).IsValid);
            }
        });
        Command[] runs = await Task.WhenAll(Enumerable.Range(0, Count).Select(i => Task.Run(() => NewAsync($"g{i}"))));
        await done.CancelAsync();
        await reading;

        Assert.All(runs, run => Assert.Equal(0, run.ExitCode));
        Assert.Equal(3 + Count, GrantDocument.ParseFile(GrantsFile).Count);
        Assert.Single(Directory.GetFileSystemEntries(_folder));
    }

    [Theory]
    [InlineData("policylayer grant new --id ci", "grant")]
    [InlineData("policylayer grant new --id ci", "grant", "new")]
    [InlineData("policylayer grant list --grants grants.json", "grant", "list")]
    [InlineData("policylayer grant revoke ci --grants grants.json", "grant", "revoke")]
    [InlineData("policylayer grant expire ci --at ", "grant", "expire")]
    [InlineData("policylayer counters show --store ", "counters", "show")]
    public async Task Help_ends_with_an_example(string example, params string[] command)
    {
        Command run = await Command.RunAsync([.. command, "--help"]);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains(example, run.Output[run.Output.IndexOf("Examples:", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<Command> NewAsync(string id, params string[] options) =>
        Command.RunAsync(["grant", "new", "--id", id, "--grants", GrantsFile, .. options]);
}
