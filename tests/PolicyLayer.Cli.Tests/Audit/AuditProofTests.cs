using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace PolicyLayer.Tests.Cli.Audit;

/// <summary><c>audit proof</c> and <c>audit consistency</c>; that others accept every proof, <see cref="SigstoreTests"/> shows.</summary>
public sealed class AuditProofTests : IDisposable
{
    private readonly SignedLog _log = new();

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task A_record_is_proved_under_the_latest_checkpoint()
    {
        await _log.WriteAsync(1);
        await _log.WriteAsync(1);

        Command run = await ProveAsync("2", _log.Log);

        Assert.Equal(("", 0), (run.Error, run.ExitCode));
        JsonElement proof = run.Lines.Single();
        Assert.Equal(["record", "index", "size", "hashes", "checkpoint"], proof.EnumerateObject().Select(member => member.Name));
        Assert.Equal(_log.Lines[1], proof.GetProperty("record").GetString());
        Assert.Equal((1, 2), (proof.GetProperty("index").GetInt64(), proof.GetProperty("size").GetInt64()));
        Assert.Equal([Leaf(_log.Lines[0])], Hashes(proof));
        Assert.Equal(_log.LatestNote(), proof.GetProperty("checkpoint").GetString());
        string root = Convert.ToBase64String(Node(Leaf(_log.Lines[0]), Leaf(_log.Lines[1])));
        Assert.StartsWith($"{SignedLog.Origin}\n2\n{root}\n", _log.LatestNote(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_stands_behind_is_proved_of_what_stood_before()
    {
        await _log.WriteAsync(2);
        string old = _log.WriteText("old.txt", _log.LatestNote());
        await _log.WriteAsync(1);

        Command run = await ContinueAsync(old);

        Assert.Equal(("", 0), (run.Error, run.ExitCode));
        JsonElement proof = run.Lines.Single();
        Assert.Equal(["old_size", "size", "hashes", "checkpoint"], proof.EnumerateObject().Select(member => member.Name));
        Assert.Equal((2, 3), (proof.GetProperty("old_size").GetInt64(), proof.GetProperty("size").GetInt64()));
        Assert.Equal([Leaf(_log.Lines[2])], Hashes(proof));
        Assert.Equal(_log.LatestNote(), proof.GetProperty("checkpoint").GetString());

        // All of an older file counts by its last checkpoint.
        run = await ContinueAsync(_log.WriteText("all.txt", await File.ReadAllTextAsync(_log.Checkpoints)));
        Assert.Equal((0, 3), (run.ExitCode, run.Lines.Single().GetProperty("old_size").GetInt64()));
        Assert.Empty(Hashes(run.Lines.Single()));
    }

    [Fact]
    public async Task A_log_that_does_not_hold_proves_nothing()
    {
        await _log.WriteAsync(3);
        string old = _log.WriteText("old.txt", _log.LatestNote());
        List<string> lines = [.. _log.Lines];
        string[] changed = [lines[0].Replace("id1", "id9", StringComparison.Ordinal), .. lines[1..]];

        _log.Folder.Write(changed);
        foreach (Command run in (Command[])[await ProveAsync("2", _log.Log), await ContinueAsync(old)])
        {
            Assert.Equal((1, ""), (run.ExitCode, run.Output));
            Assert.StartsWith($"{_log.Checkpoints}: The first 3 lines of the log aren't those", run.Error, StringComparison.Ordinal);
            Assert.Contains("\nHelp: `policylayer audit verify` finds all", run.Error, StringComparison.Ordinal);
        }

        _log.Folder.Write([lines[0], lines[2]]);
        foreach (Command run in (Command[])[await ProveAsync("1", _log.Log), await ContinueAsync(old)])
        {
            Assert.Equal((1, ""), (run.ExitCode, run.Output));
            Assert.StartsWith($"{_log.Log}(2): The line's number is 3 where 2 is next", run.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_end_that_was_cut_off_is_told()
    {
        await _log.WriteAsync(2);
        string earlier = await File.ReadAllTextAsync(_log.Checkpoints);
        string before = await File.ReadAllTextAsync(_log.Log);
        await _log.WriteAsync(2);
        string old = _log.WriteText("old.txt", _log.LatestNote());
        _log.WriteText("audit.jsonl", before);

        Command run = await ProveAsync("1", _log.Log);
        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Contains("lines were cut off its end", run.Error, StringComparison.Ordinal);

        _log.WriteText("audit.checkpoints", earlier);
        run = await ContinueAsync(old);
        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.StartsWith($"{_log.Checkpoints}: The older checkpoint signs 4 lines", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_asked_ends_the_command()
    {
        await _log.WriteAsync(3);
        File.Move(_log.Log, _log.Folder.In("audit.000001.jsonl"));
        await _log.WriteAsync(1);
        string none = _log.WriteText("none.txt", "nonsense");
        string large = _log.WriteText("large.txt", "");
        using (FileStream file = File.OpenWrite(large))
        {
            file.SetLength((256 * 1024 * 1024) + 1);
        }

        (Command Run, string Message)[] runs =
        [
            (await ProveAsync("5", _log.Log), "signs 4 records, and none with number 5"),
            (await ProveAsync("2", _log.Log), "begin too late for the proof"),
            (await ProveAsync("3", _log.Log), "Name its file too"),
            (await ContinueAsync(none), "The older checkpoint is none"),
            (await ContinueAsync(large), "`" + large + "` is too long"),
            (await ContinueAsync(_log.Folder.In("missing.txt")), "missing.txt` doesn't exist"),
            (await ContinueAsync(_log.Folder.Path), "is a folder"),
            (await ProveAsync("1", _log.Folder.In("missing.jsonl")), "missing.jsonl` doesn't exist"),
            (await ProveAsync("0", _log.Log), "the number of a record, at least 1"),
            (await ProveAsync("x", _log.Log), "the number of a record, at least 1"),
            (await ProveAsync(_log.Log), "the number of a record"),
            (await ProveAsync("3"), "Name the log's files"),
            (await Command.RunAsync("audit", "proof"), "FILE"),
            (await Command.RunAsync("audit", "consistency", _log.Log), "--old"),
        ];
        File.Delete(_log.Checkpoints);
        (Command Run, string Message)[] unsigned =
            [(await ProveAsync("4", _log.Log), "There is no file"), (await ContinueAsync(none), "The older checkpoint is none")];
        foreach ((Command run, string message) in runs.Concat(unsigned))
        {
            Assert.Equal((2, ""), (run.ExitCode, run.Output));
            Assert.Contains(message, run.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("unforeseen", run.Error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("proof", "audit.000001.jsonl audit.jsonl 17")]
    [InlineData("consistency", "audit.jsonl --old checkpoint.txt")]
    public async Task Each_has_an_example(string command, string example)
    {
        Command run = await Command.RunAsync("audit", command, "--help");

        Assert.Contains($"  policylayer audit {command} {example}\n", run.Output, StringComparison.Ordinal);
    }

    private static byte[] Leaf(string line) => SHA256.HashData([0, .. Encoding.UTF8.GetBytes(line)]);

    private static byte[] Node(byte[] left, byte[] right) => SHA256.HashData([1, .. left, .. right]);

    private static byte[][] Hashes(JsonElement proof) =>
        [.. proof.GetProperty("hashes").EnumerateArray().Select(hash => hash.GetBytesFromBase64())];

    private static Task<Command> ProveAsync(string number, params string[] files) => Command.RunAsync(["audit", "proof", .. files, number]);

    private Task<Command> ContinueAsync(string old) => Command.RunAsync("audit", "consistency", _log.Log, "--old", old);
}
