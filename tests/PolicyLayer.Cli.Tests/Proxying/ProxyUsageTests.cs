namespace PolicyLayer.Tests.Cli.Proxying;

/// <summary>What <c>proxy</c> refuses before it starts anything, and that no message quotes what is the server's own.</summary>
public sealed class ProxyUsageTests
{
    private const string Secret = "hunter2";

    private static readonly string[] Upstream = ["--listen", "http://127.0.0.1:0", "--grant", "g", "--upstream", "http://127.0.0.1:1/mcp"];

    [Theory]
    [InlineData("proxy -- server", "Name the policy document.")]
    [InlineData("proxy", "Name the policy document.")]
    [InlineData("proxy --policy POLICY POLICY -- server", "Name the policy document.")]
    [InlineData("proxy POLICY", "Name the server: its command behind `--`, or with `--listen` its `--upstream`.")]
    [InlineData("proxy POLICY --", "Name the server's program behind `--`.")]
    [InlineData("proxy POLICY server", "The server's command stands behind `--`, after all options.")]
    [InlineData("proxy POLICY --upstream http://127.0.0.1:1 -- server", "don't go together: name one server.")]
    [InlineData("proxy POLICY --upstream http://127.0.0.1:1", "`--upstream` goes with `--listen`.")]
    [InlineData("proxy POLICY --session-header X-Session -- server", "`--session-header` goes with `--listen`.")]
    [InlineData("proxy POLICY --allow-origin https://app.example -- server", "`--allow-origin` goes with `--listen`.")]
    [InlineData("proxy POLICY --certificate a.pem -- server", "`--certificate` goes with `--listen`.")]
    [InlineData("proxy POLICY --certificate-key a.pem -- server", "`--certificate-key` goes with `--listen`.")]
    [InlineData("proxy POLICY --upstream-header A=B -- server", "`--upstream-header` goes with `--listen`.")]
    [InlineData("proxy POLICY --max-children 3 -- server", "`--max-children` goes with `--listen`.")]
    [InlineData("proxy POLICY --listen http://127.0.0.1:0 -- server", "name the bearer tokens' `--grants`, or one")]
    [InlineData("proxy POLICY --listen 127.0.0.1:0 --grant g -- server", "`--listen` must be an address as")]
    [InlineData("proxy POLICY --listen http://127.0.0.1:0 --grant g --upstream-header A=B -- server", "goes with `--upstream`: a server")]
    [InlineData("proxy POLICY --listen http://127.0.0.1:0 --grant g --max-children 1001 -- server", "must be a whole number, 1 to 1000.")]
    [InlineData("HTTP --max-children 3", "`--max-children` goes with a server's command behind `--`")]
    [InlineData("proxy POLICY --listen http://127.0.0.1:0 --upstream http://127.0.0.1:1", "name the bearer tokens' `--grants`, or one")]
    [InlineData("proxy POLICY --listen 127.0.0.1:0 --grant g --upstream http://127.0.0.1:1", "`--listen` must be an address as")]
    [InlineData("proxy POLICY --listen http://proxy.example --grant g --upstream http://127.0.0.1:1", "`--listen` must be an address as")]
    [InlineData("proxy POLICY --listen ftp://127.0.0.1 --grant g --upstream http://127.0.0.1:1", "`--listen` must be an address as")]
    [InlineData("proxy POLICY --listen http://127.0.0.1:0 --grant g --upstream mcp.example", "`--upstream` must be an address of http or")]
    [InlineData("proxy POLICY --listen http://127.0.0.1:0 --grant g --upstream http://me@mcp.example", "those come by `--upstream-header`")]
    [InlineData("proxy POLICY --listen https://127.0.0.1:0 --grant g --upstream http://127.0.0.1:1", "with https needs a `--certificate`.")]
    [InlineData("HTTP --certificate a.pem", "`--certificate` and `--certificate-key` go together.")]
    [InlineData("HTTP --certificate a.pem --certificate-key b.pem", "`--certificate` goes with a `--listen` of https.")]
    [InlineData("HTTP --session-header a:b", "`--session-header` must be the name of a header.")]
    [InlineData("HTTP --allow-origin https://app.example/", "is no origin.")]
    [InlineData("HTTP --allow-origin https://app.example null", "`null` is no origin.")]
    [InlineData("HTTP --upstream-header Authorization", "takes the name of a header and that of a variable")]
    [InlineData("HTTP --upstream-header Authorization=Bearer-hunter2", "takes the name of a header and that of a variable")]
    [InlineData("HTTP --upstream-header Authorization=hunter2", "names for `Authorization` isn't set.")]
    [InlineData("HTTP --upstream-header Host=A", "can't set `Host`, or sets it twice.")]
    [InlineData("HTTP --upstream-header mcp-name=A", "can't set `mcp-name`, or sets it twice.")]
    [InlineData("HTTP --upstream-header X-Key=A x-key=B", "can't set `x-key`, or sets it twice.")]
    [InlineData("HTTP --upstream http://me:hunter2@mcp.example", "and a server's credentials by `--upstream-header`.")]
    [InlineData("proxy POLICY --listen http://127.0.0.1:0 --grant g --max-children 0 -- server", "`--max-children` must be a whole")]
    [InlineData("proxy POLICY --max-message 1023 -- server", "`--max-message` must be a whole number of bytes, 1024 to 268435456.")]
    [InlineData("proxy POLICY --call-timeout 1.5s -- server", "`--call-timeout` must be a whole number and")]
    [InlineData("proxy POLICY --call-timeout 0s -- server", "`--call-timeout` must be a whole number and")]
    [InlineData("proxy POLICY --call-timeout 25h -- server", "`--call-timeout` must be a whole number and")]
    [InlineData("proxy POLICY --approval-url https://desk.example/ -- server", "`--approval-url` must be an address of http or https")]
    [InlineData("proxy POLICY --approval-url {id} -- server", "`--approval-url` must be an address of http or https")]
    [InlineData("proxy POLICY --keys k.json --plain-approvals -- server", "`--keys` and `--plain-approvals` don't go together.")]
    [InlineData("proxy POLICY --audit-key k.pem -- server", "`--audit-key` signs a log: name it with `--audit`.")]
    [InlineData("proxy POLICY --grant -- server", "Required argument missing for option: '--grant'.")]
    [InlineData("proxy POLICY --server -- server", "Required argument missing for option: '--server'.")]
    [InlineData("proxy POLICY --approval-url -- server", "Required argument missing for option: '--approval-url'.")]
    [InlineData("proxy POLICY --listen -- server", "Required argument missing for option: '--listen'.")]
    [InlineData("proxy POLICY --upstream-header -- server", "Required argument missing for option: '--upstream-header'.")]
    [InlineData("proxy POLICY --grant a --grant b -- server", "Option '--grant' expects a single argument but 2 were provided.")]
    [InlineData("proxy POLICY --grant --json -- server", "`--grant` lacks its value.")]
    [InlineData("proxy POLICY --surprise -- server", "`--surprise` is no option of `policylayer proxy`.")]
    [InlineData("proxy POLICY --grnts g.json -- server", "`--grnts` is no option of `policylayer proxy`: did you mean `--grants`?")]
    public async Task What_does_not_go_together_is_an_error_of_usage(string line, string message)
    {
        string[] args = [.. line.Split(' ').SelectMany(word => word switch
        {
            "HTTP" => ["proxy", Command.Stellify, .. Upstream],
            "POLICY" => [Command.Stellify],
            _ => (string[])[word],
        })];

        Command run = await Command.RunAsync(args);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_name_is_an_error_of_usage()
    {
        foreach (string option in (string[])["--grant", "--server"])
        {
            Command run = await Command.RunAsync("proxy", Command.Stellify, option, "", "--", "server");
            Assert.Equal((2, ""), (run.ExitCode, run.Output));
            Assert.Contains($"`{option}` must", run.Error, StringComparison.Ordinal);
        }
    }

    /// <summary>Servers are given addresses with passwords: the tool neither refuses nor shows what stands behind <c>--</c>.</summary>
    [Theory]
    [InlineData("--surprise")]
    [InlineData("--max-message", "none")]
    [InlineData("--policy", "missing.json")]
    [InlineData("--help")]
    public async Task What_is_the_servers_own_stands_in_no_message(params string[] options)
    {
        string[] server = ["no-such-program", $"postgresql://me:{Secret}@db.example/", $"password={Secret}", "--surprise"];

        Command run = await Command.RunAsync(["proxy", Command.Stellify, .. options, "--", .. server]);

        Assert.DoesNotContain(Secret, run.Output + run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("no-such-program", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("An argument holds a password", run.Error, StringComparison.Ordinal);
    }

    /// <summary>No other command has a part that is somebody else's.</summary>
    [Fact]
    public async Task A_password_behind_the_end_of_another_commands_options_is_refused()
    {
        Command run = await Command.RunAsync("validate", "--", $"postgresql://me:{Secret}@db.example/");

        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("An argument holds a password", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("absent", "isn't in")]
    [InlineData("old", "has expired in")]
    [InlineData("gone", "is revoked in")]
    public async Task A_grant_that_is_not_in_force_is_an_error(string grant, string message)
    {
        using var folder = new Audit.LogFolder();
        string grants = folder.In("grants.json");
        await File.WriteAllTextAsync(
            grants, """{"grants":[{"id":"ok"},{"id":"old","expires":"2020-01-01T00:00:00Z"},{"id":"gone","revoked":true}]}""");

        Command run = await Command.RunAsync("proxy", Command.Stellify, "--grants", grants, "--grant", grant, "--", "no-such-program");
        Command unnamed = await Command.RunAsync("proxy", Command.Stellify, "--grants", grants, "--", "no-such-program");

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.StartsWith($"The grant `{grant}` {message} `{grants}`. Help: `policylayer grant list", run.Error, StringComparison.Ordinal);
        Assert.Equal(2, unnamed.ExitCode);
        Assert.Contains("The grant `default` isn't in", unnamed.Error, StringComparison.Ordinal);
        Assert.Contains("name the caller's grant by `--grant ID`", unnamed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_policy_with_an_error_guards_nothing()
    {
        using var folder = new Audit.LogFolder();
        string policy = folder.In("policy.json");
        await File.WriteAllTextAsync(policy, """{"version":"1","default":"maybe"}""");

        Command run = await Command.RunAsync("proxy", policy, "--", "no-such-program");
        Command json = await Command.RunAsync("proxy", policy, "--json", "--", "no-such-program");
        Command missing = await Command.RunAsync("proxy", folder.In("none.json"), "--", "no-such-program");

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.StartsWith($"PL1107 error {policy}", run.Error, StringComparison.Ordinal);
        Assert.EndsWith("\nNothing is guarded, as it isn't known what is allowed.\n", run.Error, StringComparison.Ordinal);
        Assert.StartsWith("{\"event\":\"finding\",\"file\":", json.Error, StringComparison.Ordinal);
        Assert.Equal(2, missing.ExitCode);
        Assert.Contains("doesn't exist.", missing.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_has_the_line_of_a_clients_configuration()
    {
        Command run = await Command.RunAsync("proxy", "--help");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains(
            """
            "command":"policylayer","args":["proxy","policy.json","--","npx","-y","@modelcontextprotocol/server-everything"]
            """,
            run.Output,
            StringComparison.Ordinal);
        Assert.Contains("--upstream https://mcp.example.com/mcp", run.Output, StringComparison.Ordinal);
    }
}
