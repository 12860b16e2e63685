using System.Text.Json;
using PolicyLayer.Tests.Auditing.Verification;

namespace PolicyLayer.Tests.Cli.Audit;

/// <summary><c>audit verify</c> and <c>audit head</c>.</summary>
public sealed class AuditVerifyTests : IDisposable
{
    private readonly LogFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_good_log_is_said_to_be_good()
    {
        List<string> lines = MadeLog.Lines(60);
        string[] files = [_folder.Write(lines[..20], "audit.000001.jsonl"), _folder.Write(lines[20..])];
        string head = MadeLog.HashOf(lines[^1]);

        Assert.Equal(new Command(0, $"Good: 60 records, head {head}\n", ""), await RunAsync("verify", files));
        Assert.Equal(
            new Command(0, $"{{\"ok\":true,\"records\":60,\"head\":\"{head}\"}}\n", ""), await RunAsync("verify", [.. files, "--json"]));
        Assert.Equal(0, (await RunAsync("verify", [.. files, "--head", head])).ExitCode);
        Assert.Equal(0, (await RunAsync("verify", files[1], "--after", MadeLog.HashOf(lines[19]))).ExitCode);
        Assert.Equal(new Command(0, $"60 {head}\n", ""), await RunAsync("head", files));
        Assert.Equal(new Command(0, $"{{\"records\":60,\"head\":\"{head}\"}}\n", ""), await RunAsync("head", [.. files, "--json"]));
    }

    [Fact]
    public async Task An_empty_log_has_a_head_of_zeros()
    {
        string file = _folder.Write([]);

        Assert.Equal($"0 {MadeLog.NoHash}\n", (await RunAsync("head", file)).Output);
        Assert.Equal(0, (await RunAsync("verify", file)).ExitCode);
    }

    [Fact]
    public async Task The_first_bad_line_is_named()
    {
        List<string> lines = MadeLog.Lines(6);
        lines[3] = lines[3].Replace("\"id3\"", "\"id4\"", StringComparison.Ordinal);
        string file = _folder.Write(lines);

        Command run = await RunAsync("verify", file);
        Assert.Equal(1, run.ExitCode);
        Assert.Equal(
            $"{file}(4): The line's hash isn't that of its content: it was changed, or a key of that id is another.\n", run.Output);
        run = await RunAsync("verify", file, "--json");
        Assert.Equal(1, run.ExitCode);
        string path = JsonEncodedText.Encode(file).ToString();
        Assert.Equal(
            $$$"""{"ok":false,"records":3,"head":"{{{MadeLog.HashOf(lines[2])}}}","fault":{"file":"{{{path}}}","""
            + "\"line\":4,\"sequence\":4,\"reason\":\"hash_differs\","
            + "\"message\":\"The line's hash isn't that of its content: it was changed, or a key of that id is another.\"}}\n",
            run.Output);
    }

    [Fact]
    public async Task A_head_shows_a_cut_off_end()
    {
        List<string> lines = MadeLog.Lines(6);
        string file = _folder.Write(lines[..4]);

        Command run = await RunAsync("verify", file, "--head", MadeLog.HashOf(lines[^1]));

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith($"{file}(4): The log's last line isn't the one that the given head names", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_head_is_taken_as_it_was_printed_and_its_count_is_checked()
    {
        List<string> lines = MadeLog.Lines(60);
        string[] files = [_folder.Write(lines[..20], "audit.000001.jsonl"), _folder.Write(lines[20..])];
        string head = (await RunAsync("head", files)).Output.TrimEnd();

        Assert.Equal(0, (await RunAsync("verify", [.. files, "--head", head])).ExitCode);
        Command run = await RunAsync("verify", [.. files, "--head", "61" + head[2..]]);
        Assert.Equal(1, run.ExitCode);
        Assert.Equal(
            $"{files[1]}(40): The log has 60 records where the given head counts 61. "
            + "Help: name the files that the head was taken of.\n",
            run.Output);

        run = await RunAsync("verify", [.. files, "--head", "0" + head]);
        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("`--head` must be a hash", run.Error, StringComparison.Ordinal);

        string file = _folder.Write(lines[..58], "cut.jsonl");
        run = await RunAsync("verify", file, "--head", head, "--json");
        Assert.Equal(1, run.ExitCode);
        JsonElement fault = run.Lines.Single().GetProperty("fault");
        Assert.Equal("head_differs", fault.GetProperty("reason").GetString());
        Assert.Equal(
            "The log has 58 records where the given head counts 60: lines are missing behind the last one.",
            fault.GetProperty("message").GetString());
    }

    [Fact]
    public async Task A_hash_that_stands_before_nothing_is_told_with_the_way_out()
    {
        string file = _folder.Write(MadeLog.Lines(2));

        Command run = await RunAsync("verify", file, "--after", MadeLog.HashOf(MadeLog.Lines(7)[^1]));

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(
            $"{file}(1): The log begins with number 1, and a hash was given that lines before it ended with. "
            + "Help: a log that is there from its first line is verified without (leave `--after` out).\n",
            run.Output);

        run = await RunAsync("verify", _folder.Write(MadeLog.Lines(4)[2..]), "--after", MadeLog.NoHash);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("(1): The line's number is 3 where 1 is next", run.Output, StringComparison.Ordinal);

        file = _folder.Write(MadeLog.Lines(2));
        run = await RunAsync("verify", file, file);
        Assert.Equal(1, run.ExitCode);
        Assert.EndsWith("or a file between them isn't named.\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_that_begins_later_and_a_torn_one_say_the_way_out()
    {
        List<string> lines = MadeLog.Lines(6);
        Command run = await RunAsync("verify", _folder.Write(lines[3..]));
        Assert.Equal(1, run.ExitCode);
        Assert.EndsWith(
            "(1): The log begins with number 4. Help: name the files before this one too, or the hash that they ended with "
            + "(`--after HASH`).\n",
            run.Output,
            StringComparison.Ordinal);

        await File.WriteAllTextAsync(_folder.Log, MadeLog.Text(lines[..2]) + lines[2][..30]);
        run = await RunAsync("verify", _folder.Log);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("(3): The log ends within the line", run.Output, StringComparison.Ordinal);
        run = await RunAsync("head", _folder.Log);
        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Contains("(3): The log ends within the line", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_keyed_log_is_verified_with_its_keys_alone()
    {
        string file = _folder.Write(MadeLog.Lines(4, new MadeLog("k1", LogFolder.Key)));
        string keys = _folder.In("keys.json");
        await File.WriteAllTextAsync(keys, LogFolder.Keys);

        Assert.Equal(0, (await RunAsync("verify", file, "--keys", keys)).ExitCode);
        var variable = new Command.Setup { Variables = { ["POLICYLAYER_KEYS"] = LogFolder.Keys } };
        Assert.Equal(0, (await Command.RunAsync(variable, "audit", "verify", file)).ExitCode);
        const string Message = "The line is hashed with a key. Help: give the keys that the log was written with "
            + "(`--keys FILE`, or the variable POLICYLAYER_KEYS).";
        Command run = await RunAsync("verify", file);
        Assert.Equal((2, "", $"{file}(1): {Message}\n"), (run.ExitCode, run.Output, run.Error));
        run = await RunAsync("verify", file, "--json");
        Assert.Equal((2, $"{file}(1): {Message}\n"), (run.ExitCode, run.Error));
        JsonElement fault = run.Lines.Single().GetProperty("fault");
        Assert.Equal(("keys_needed", Message), (fault.GetProperty("reason").GetString(), fault.GetProperty("message").GetString()));
        Assert.StartsWith("4 ", (await RunAsync("head", file)).Output, StringComparison.Ordinal);

        run = await RunAsync("verify", _folder.Write(MadeLog.Lines(4)), "--keys", keys, "--json");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("\"reason\":\"unkeyed\"", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--head", "abc", "`--head` must be a hash")]
    [InlineData("--head", "60", "or a count, a space and a hash in quotes, as `head` prints them")]
    [InlineData("--head", "60  " + MadeLog.NoHash, "`--head` must be a hash")]
    [InlineData("--head", "-1 " + MadeLog.NoHash, "`--head` must be a hash")]
    [InlineData("--head", "1 abc", "`--head` must be a hash")]
    [InlineData("--after", "ABC", "`--after` must be a hash")]
    [InlineData("--keys", "no-such-file", "no-such-file")]
    public async Task What_cannot_be_verified_with_ends_the_command(string option, string value, string expected)
    {
        Command run = await RunAsync("verify", _folder.Write(MadeLog.Lines(1)), option, value);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("verify")]
    [InlineData("head")]
    [InlineData("tail")]
    [InlineData("stats")]
    [InlineData("export")]
    public async Task Every_command_needs_its_files_and_has_an_example(string command)
    {
        Assert.Equal(2, (await RunAsync(command)).ExitCode);
        Command run = await RunAsync(command, _folder.In("none.jsonl"));
        Assert.Equal((2, $"`{_folder.In("none.jsonl")}` doesn't exist.\n"), (run.ExitCode, run.Error));
        run = await RunAsync(command, _folder.Path);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("is a folder", run.Error, StringComparison.Ordinal);
        Assert.Contains($"  policylayer audit {command} audit", (await RunAsync(command, "--help")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("verify", null, true)]
    [InlineData("verify", 80, true)]
    [InlineData("stats", 80, true)]
    [InlineData("export", null, true)]
    [InlineData("export", 80, false)]
    public async Task Long_work_says_how_far_it_has_come(string command, int? width, bool isTold)
    {
        string file = _folder.Write(MadeLog.Lines(6));
        var setup = new Command.Setup { ShowsProgress = true, Width = width, Time = new SlowClock() };

        Command run = await Command.RunAsync(setup, "audit", command, file);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(isTold ? "\r3 records …\r4 records …\r5 records …\r6 records …\r           \r" : "", run.Error);
    }

    private static Task<Command> RunAsync(string command, params string[] args) => Command.RunAsync(["audit", command, .. args]);
}
