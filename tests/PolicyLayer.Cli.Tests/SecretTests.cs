using PolicyLayer.Tests.Redis;
using StackExchange.Redis;

namespace PolicyLayer.Tests.Cli;

/// <summary>A password that stands on the line is refused, and stands in nothing that is printed.</summary>
public sealed class SecretTests
{
    private const string Secret = "hunter2";

    private const string Variable = "POLICYLAYER_REDIS_PASSWORD";

    public static TheoryData<string> Stores =>
    [
        $"redis://user:{Secret}@127.0.0.1:1", $"redis://:{Secret}@127.0.0.1:1", $"rediss://user:{Secret}@127.0.0.1:1",
        $"redis://127.0.0.1:1?password={Secret}", $"redis://127.0.0.1:1,password={Secret}", $"redis://127.0.0.1:1/0?Password={Secret}",
        $"redis://user:{Secret}", $"redis://:{Secret}", $"redis://user:a@b/{Secret}@127.0.0.1:1", $"redis:{Secret}@127.0.0.1:1",
        $"REDIS://:{Secret}@127.0.0.1:1", $"reddis://:{Secret}@127.0.0.1:1", $"127.0.0.1:1,password={Secret},ssl=true",
        $"redis://127.0.0.1:1/{Secret}", $"redis://127.0.0.1:1#{Secret}", $"redis://127.0.0.1:{Secret}", $"redis://127.0.0.1:1 {Secret}",
        $" redis://:{Secret}@127.0.0.1:1", $"redis://127.0.0.1:1,PASSWORD = x,password={Secret}", $"redis://us\ner:{Secret}@127.0.0.1:1",
    ];

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task It_is_refused_wherever_it_stands(string store)
    {
        string[][] lines =
        [
            ["check", Command.Stellify, "--tool", "run_code", "--counters", store],
            ["check", Command.Stellify, "--tool", "run_code", "--counters", store, "--json"],
            ["check", Command.Stellify, "--tool", "run_code", $"--counters={store}"],
            ["check", Command.Stellify, "--tool", "run_code", $"--counters:{store}"],
            ["check", Command.Stellify, "--tool", "run_code", "--counter", store],
            ["check", Command.Stellify, "--tool", "run_code", $"--counter={store}"],
            ["check", Command.Stellify, "--tool", "run_code", "--counters", store, "--repeat", "none", "--surprise"],
            ["check", Command.Stellify, "--tool", "run_code", "--audit", store],
            ["check", Command.Stellify, "--calls", store],
            ["check", Command.Stellify, "--tool", "run_code", store],
            ["check", store, "--tool", "run_code"],
            ["check", "--counters", store, "--help"],
            ["check", Command.Stellify, "--tool", "run_code", "--approvals", store],
            ["approvals", "list", "--store", store],
            ["approvals", "list", $"--store={store}", "--plain-approvals"],
            ["approvals", "approve", "x", "--store", store, "--json"],
            ["approvals", "approve", store, "--store", "sqlite:x"],
            ["approvals", "watch", "--store", store, "--surprise"],
            ["validate", store],
            ["validate", store, "--json"],
            ["[diagram]", "check", Command.Stellify, "--counters", store],
            ["[suggest]", "check", "--counters", store],
            [store],
        ];
        foreach (string[] line in lines)
        {
            Command run = await Command.RunAsync(line);
            Assert.Equal(2, run.ExitCode);
            Assert.Equal("", run.Output);
            Assert.DoesNotContain(Secret, run.Error, StringComparison.Ordinal);
            Assert.Contains(Variable, run.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_one_of_the_variable_is_not_printed()
    {
        var setup = new Command.Setup { Variables = { [Variable] = Secret } };
        Command run = await Command.RunAsync(
            setup, "check", Command.Stellify, "--tool", "run_code", "--counters", $"redis://{Secret}user@127.0.0.1:1");
        Assert.Equal(2, run.ExitCode);
        Assert.Equal(
            $"The Redis server `127.0.0.1:1` can't be reached, or refuses the user or the password of {Variable}.\n", run.Error);
    }

    /// <summary>User and password reach the server, the one from the address and the other from the variable.</summary>
    [RedisFact]
    public async Task The_one_of_the_variable_opens_the_server()
    {
        await using var server = new RedisServer();
        await server.StartAsync(appendFsync: "no");
        await using (ConnectionMultiplexer admin = await server.ConnectAsync(allowAdmin: true))
        {
            await admin.GetDatabase().ExecuteAsync("ACL", "SETUSER", "agent:x", "on", ">" + Secret, "~*", "+@all");
            await admin.GetDatabase().ExecuteAsync("ACL", "SETUSER", "default", "off");
        }

        string[] line =
        [
            "check", Command.Stellify, "--tool", "run_code", "--json", "--counters",
            "redis://agent%3Ax@" + server.Configuration.Split(',')[0],
        ];
        Command open = await Command.RunAsync(new Command.Setup { Variables = { [Variable] = Secret } }, line);
        Assert.Equal(("", 0), (open.Error, open.ExitCode));
        Assert.Equal(["allowed"], open.Codes);

        foreach (Command.Setup setup in (Command.Setup[])[new(), new() { Variables = { [Variable] = Secret + "3" } }])
        {
            Command closed = await Command.RunAsync(setup, line);
            Assert.Equal((2, ""), (closed.ExitCode, closed.Output));
            Assert.Contains(Variable, closed.Error, StringComparison.Ordinal);
            Assert.DoesNotContain(Secret, closed.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Help_says_where_it_comes_from()
    {
        Command run = await Command.RunAsync("check", "--help");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains(Variable, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_is_none_is_not_quoted()
    {
        Command run = await Command.RunAsync("check", Command.Stellify, "--tool", "run_code", "--counters", Secret);
        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("`--counters` names no place for counters. Help: use `memory`, ", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--store", "approvals", "list")]
    [InlineData("--approvals", "check", "POLICY", "--tool", "run_code")]
    public async Task A_place_for_approvals_that_is_none_is_not_quoted(string option, params string[] line)
    {
        Command run = await Command.RunAsync([.. line.Select(word => word == "POLICY" ? Command.Stellify : word), option, Secret]);
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.StartsWith($"`{option}` names no place for approvals. Help: use `memory`, ", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, run.Error, StringComparison.Ordinal);
    }

    /// <summary>What a call is about may look like one, and is judged all the same.</summary>
    [Theory]
    [InlineData("""{"url":"redis://user:hunter2@host:1","password=":"x"}""")]
    [InlineData(""" {"url":"https://user:hunter2@host"}""")]
    public async Task Arguments_of_a_call_may_hold_one(string arguments)
    {
        Command run = await Command.RunAsync("check", Command.Stellify, "--tool", "run_code", "--json", "--args", arguments);
        Assert.Equal(["allowed"], run.Codes);
        Assert.DoesNotContain(Secret, run.Output + run.Error, StringComparison.Ordinal);
    }
}
