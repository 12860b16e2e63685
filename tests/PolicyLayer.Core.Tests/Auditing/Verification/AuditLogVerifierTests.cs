using System.Diagnostics;
using System.Text;
using System.Text.Json;
using PolicyLayer.Auditing;
using PolicyLayer.Auditing.Verification;
using PolicyLayer.Tests.Regexes;

namespace PolicyLayer.Tests.Auditing.Verification;

public sealed class AuditLogVerifierTests : IDisposable
{
    private static readonly FileShare WritersSharing = OperatingSystem.IsWindows() ? FileShare.Read : FileShare.None;

    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    private readonly string _folder = Directory.CreateTempSubdirectory("policylayer").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_good_log_has_its_records_and_head_over_all_its_files()
    {
        List<string> lines = MadeLog.Lines(1_000);
        string[] files = [Write("a.000001.jsonl", lines[..300]), Write("a.000002.jsonl", lines[300..999]), Write("a.jsonl", lines[999..])];

        foreach (AuditVerification found in (AuditVerification[])
            [await new AuditLogVerifier().VerifyAsync(files), await AuditLogVerifier.FindHeadAsync(files)])
        {
            Assert.Null(found.Fault);
            Assert.Equal((true, 1_000, 1_000, MadeLog.HashOf(lines[^1])), (found.IsGood, found.Records, found.LastSequence, found.Head));
        }
    }

    [Fact]
    public async Task An_empty_log_is_good_and_has_no_head()
    {
        AuditVerification found = await new AuditLogVerifier { Head = MadeLog.NoHash }.VerifyAsync([Write("a.jsonl", [])]);

        Assert.Equal((true, 0, 0, MadeLog.NoHash), (found.IsGood, found.Records, found.LastSequence, found.Head));
    }

    [Fact]
    public async Task A_log_that_begins_later_needs_the_head_before_it()
    {
        List<string> lines = MadeLog.Lines(10);
        string[] files = [Write("a.jsonl", lines[6..])];

        AuditLogFault fault = (await new AuditLogVerifier().VerifyAsync(files)).Fault!;
        Assert.Equal((AuditFaultKind.BeginsLater, 1, 7), (fault.Kind, fault.Line, fault.Sequence));
        AuditVerification behind = await new AuditLogVerifier { After = MadeLog.HashOf(lines[5]) }.VerifyAsync(files);
        Assert.Equal((true, 4, 10), (behind.IsGood, behind.Records, behind.LastSequence));
        fault = (await new AuditLogVerifier { After = MadeLog.HashOf(lines[4]) }.VerifyAsync(files)).Fault!;
        Assert.Equal(AuditFaultKind.PreviousDiffers, fault.Kind);
        Assert.Equal(4, (await AuditLogVerifier.FindHeadAsync(files)).Records);
        fault = (await new AuditLogVerifier { After = MadeLog.HashOf(lines[4]) }.VerifyAsync([Write("b.jsonl", lines)])).Fault!;
        Assert.Equal(AuditFaultKind.SequenceNotNext, fault.Kind);
    }

    [Fact]
    public async Task A_head_is_kept_with_the_count_of_its_records()
    {
        List<string> lines = MadeLog.Lines(10);
        string[] files = [Write("a.000001.jsonl", lines[..6]), Write("a.jsonl", lines[6..])];
        string head = MadeLog.HashOf(lines[^1]);

        Assert.True((await new AuditLogVerifier { Head = head, HeadRecords = 10 }.VerifyAsync(files)).IsGood);
        Assert.True((await new AuditLogVerifier { HeadRecords = 10 }.VerifyAsync(files)).IsGood);
        var behind = new AuditLogVerifier { After = MadeLog.HashOf(lines[5]), Head = head, HeadRecords = 10 };
        Assert.Equal(
            "The log has 4 records where the given head counts 10. Help: name the files that the head was taken of.",
            (await behind.VerifyAsync(files[1..])).Fault?.Message);
        AuditLogFault fault = (await new AuditLogVerifier { Head = head, HeadRecords = 10 }.VerifyAsync(files[..1])).Fault!;
        Assert.Equal((AuditFaultKind.HeadDiffers, files[0], 6, 6), (fault.Kind, fault.File, fault.Line, fault.Sequence));
        Assert.Equal("The log has 6 records where the given head counts 10: lines are missing behind the last one.", fault.Message);
        fault = (await new AuditLogVerifier { Head = MadeLog.HashOf(lines[5]), HeadRecords = 6 }.VerifyAsync(files)).Fault!;
        Assert.Equal("The log has 10 records where the given head counts 6: lines were added behind the one that it names.", fault.Message);
        fault = (await new AuditLogVerifier { Head = MadeLog.HashOf(lines[5]), HeadRecords = 10 }.VerifyAsync(files)).Fault!;
        Assert.StartsWith("The log's last line isn't the one that the given head names", fault.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>("HeadRecords", () => new AuditLogVerifier { HeadRecords = -1 });
    }

    [Theory]
    [InlineData("\"sequence\":9")]
    [InlineData("\"\\u0073equence\":\"x\"")]
    [InlineData("\"previous\":\"x\"")]
    [InlineData("\"key\":\"k1\",\"a\":1")]
    [InlineData("\"hash\":\"x\"")]
    public async Task A_line_has_one_number_and_one_hash_whoever_reads_it(string second)
    {
        var log = new MadeLog();
        List<string> lines = [log.Next("\"kind\":\"decision\""), log.Next("\"kind\":\"decision\"," + second)];

        AuditVerification found = await new AuditLogVerifier().VerifyAsync([Write("a.jsonl", lines)]);

        Assert.Equal((AuditFaultKind.NotALine, 2), (found.Fault!.Kind, found.Fault.Line));
        string nested = new MadeLog().Next("\"kind\":\"decision\",\"a\":{" + second + "}");
        Assert.True((await new AuditLogVerifier().VerifyAsync([Write("b.jsonl", [nested])])).IsGood);
    }

    public static TheoryData<string, AuditFaultKind, int> Faults => new()
    {
        { "torn", AuditFaultKind.TornLine, 4 },
        { "whole but for its end", AuditFaultKind.TornLine, 4 },
        { "words", AuditFaultKind.NotALine, 4 },
        { "empty", AuditFaultKind.NotALine, 4 },
        { "no json", AuditFaultKind.NotALine, 4 },
        { "long", AuditFaultKind.TooLong, 4 },
        { "long and torn", AuditFaultKind.TooLong, 4 },
        { "number", AuditFaultKind.SequenceNotNext, 4 },
        { "previous", AuditFaultKind.PreviousDiffers, 4 },
        { "content", AuditFaultKind.HashDiffers, 4 },
        { "key", AuditFaultKind.MixedKeys, 4 },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task The_first_fault_is_named_with_its_place_and_nothing_of_the_line(string change, AuditFaultKind kind, int line)
    {
        var log = new MadeLog();
        List<string> lines = MadeLog.Lines(3, log);
        string head = log.Head;
        string last = log.Next("\"tool\":\"SECRET\"");
        string text = change switch
        {
            "torn" => last[..40],
            "whole but for its end" => last,
            "words" => "SECRET\n",
            "empty" => "\n",
            "no json" => new MadeLog().Next("\"tool\":SECRET", 4, head) + "\n",
            "long" => new MadeLog().Next($"\"tool\":\"{new string('x', 65_600)}\"", 4, head) + "\n",
            "long and torn" => new string('x', 1_000_000),
            "number" => new MadeLog().Next("\"tool\":\"SECRET\"", 5, head) + "\n",
            "previous" => new MadeLog().Next("\"tool\":\"SECRET\"", 4, MadeLog.HashOf(lines[1])) + "\n",
            "key" => new MadeLog("k1", Key).Next("\"tool\":\"SECRET\"", 4, head) + "\n",
            _ => last.Replace("SECRET", "SECREt", StringComparison.Ordinal) + "\n",
        };
        string file = Path.Combine(_folder, "a.jsonl");
        await File.WriteAllTextAsync(file, MadeLog.Text(lines) + text);

        AuditVerification found = await new AuditLogVerifier().VerifyAsync([file]);

        Assert.Equal((kind, file, line), (found.Fault?.Kind, found.Fault?.File, (int?)found.Fault?.Line));
        Assert.Equal((3, head), (found.Records, found.Head));
        Assert.DoesNotContain("SECR", found.ToString(), StringComparison.Ordinal);
        Assert.StartsWith($"{file}(4): ", found.Fault!.ToString(), StringComparison.Ordinal);
        Assert.Equal(kind != AuditFaultKind.HashDiffers, !(await AuditLogVerifier.FindHeadAsync([file])).IsGood);
    }

    [Fact]
    public async Task A_file_that_others_follow_must_not_be_torn()
    {
        List<string> lines = MadeLog.Lines(4);
        string first = Write("a.000001.jsonl", lines[..2]);
        await File.AppendAllTextAsync(first, lines[2]);

        AuditLogFault fault = (await new AuditLogVerifier().VerifyAsync([first, Write("a.jsonl", lines[3..])])).Fault!;

        Assert.Equal((AuditFaultKind.TornInside, first, 3), (fault.Kind, fault.File, fault.Line));
    }

    [Fact]
    public async Task Keys_rotate_within_a_log_and_without_keys_it_cannot_be_judged()
    {
        List<string> lines = MadeLog.Lines(3, new MadeLog("k1", Key));
        var second = new MadeLog("k2", [.. Key.Reverse()]);
        lines.Add(second.Next(MadeLog.Decision(3), 4, MadeLog.HashOf(lines[^1])));
        string[] files = [Write("a.jsonl", lines)];
        var keys = new PolicyLayerKeys("k2", new Dictionary<string, byte[]> { ["k1"] = Key, ["k2"] = [.. Key.Reverse()] });

        Assert.Equal(4, (await new AuditLogVerifier { Keys = keys }.VerifyAsync(files)).Records);
        Assert.Equal(AuditFaultKind.KeysNeeded, (await new AuditLogVerifier().VerifyAsync(files)).Fault?.Kind);
        AuditVerification found = await AuditLogVerifier.FindHeadAsync(files);
        Assert.Equal((true, 4, second.Head), (found.IsGood, found.Records, found.Head));
    }

    [Fact]
    public async Task A_log_is_verified_while_it_is_written()
    {
        List<string> lines = MadeLog.Lines(3);
        string file = Path.Combine(_folder, "a.jsonl");
        await using (var writer = new FileStream(file, FileMode.Create, FileAccess.Write, WritersSharing))
        {
            await writer.WriteAsync(Encoding.UTF8.GetBytes(MadeLog.Text(lines[..2]) + lines[2][..50]));
            await writer.FlushAsync();
            AuditVerification found = await new AuditLogVerifier().VerifyAsync([file]);
            Assert.Equal((true, 2), (found.IsGood, found.Records));
        }

        Assert.Equal(AuditFaultKind.TornLine, (await new AuditLogVerifier().VerifyAsync([file])).Fault?.Kind);

        // Who reads keeps no writer from starting.
        using FileStream reader = AuditLogFile.OpenRead(file);
        if (!OperatingSystem.IsWindows())
        {
            await using var next = new FileStream(file, FileMode.Open, FileAccess.Write, WritersSharing);
        }
    }

    [Fact]
    public async Task Files_that_cannot_be_read_and_hashes_that_are_none_are_refused()
    {
        await Assert.ThrowsAsync<FileNotFoundException>(() => new AuditLogVerifier().VerifyAsync([Path.Combine(_folder, "none")]));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => new AuditLogVerifier().VerifyAsync([_folder]));
        if (!OperatingSystem.IsWindows())
        {
            await Assert.ThrowsAsync<AuditLogException>(() => new AuditLogVerifier().VerifyAsync(["/dev/null"]));
        }

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>("files", () => new AuditLogVerifier().VerifyAsync([]));
        foreach (string none in (string[])["", "abc", MadeLog.NoHash + "0", new string('A', 64), new string('g', 64)])
        {
            Assert.Throws<ArgumentException>("After", () => new AuditLogVerifier { After = none });
            Assert.Throws<ArgumentException>("Head", () => new AuditLogVerifier { Head = none });
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(250)]
    [InlineData(65_535)]
    public async Task Lines_of_any_length_are_read_as_they_stand(int longest)
    {
        var random = new Random(longest);
        List<string> lines = [.. Enumerable.Range(0, 40).Select(i => new string((char)('a' + (i % 26)), random.Next(longest) + 1))];
        lines.Add(new string('x', longest));
        using var reader = new AuditLogReader(new MemoryStream(Encoding.UTF8.GetBytes(MadeLog.Text(lines) + "end")));

        foreach (string line in lines)
        {
            AuditLogLine read = (await reader.ReadAsync(default))!.Value;
            Assert.Equal((line, AuditLogLineForm.Whole), (Encoding.UTF8.GetString(read.Bytes.Span), read.Form));
        }

        AuditLogLine end = (await reader.ReadAsync(default))!.Value;
        Assert.Equal((42, AuditLogLineForm.Torn), (end.Number, end.Form));
        Assert.Equal(lines.Sum(line => line.Length + 1), reader.Consumed);
    }

    [NodeFact]
    public async Task Some_sixty_lines_of_Node_alone_find_the_same()
    {
        List<string> plain = MadeLog.Lines(60);
        string keys = Path.Combine(_folder, "keys.json");
        await File.WriteAllTextAsync(keys, $$$"""{"current":"k1","keys":{"k1":"{{{Convert.ToBase64String(Key)}}}"}}""");
        List<string> keyed = MadeLog.Lines(60, new MadeLog("k1", Key));
        string[] files = [Write("a.000001.jsonl", plain[..20]), Write("a.jsonl", plain[20..])];

        Assert.Equal((0, 60, MadeLog.HashOf(plain[^1])), await NodeAsync(files));
        Assert.Equal((0, 60, MadeLog.HashOf(keyed[^1])), await NodeAsync("--keys", keys, Write("b.jsonl", keyed)));
        string changed = MadeLog.Text(plain).Replace("\"id17\"", "\"id71\"", StringComparison.Ordinal);
        string file = Path.Combine(_folder, "c.jsonl");
        await File.WriteAllTextAsync(file, changed);
        Assert.Equal((1, 17, MadeLog.HashOf(plain[16])), await NodeAsync(file));
        Assert.Equal(17, (await new AuditLogVerifier().VerifyAsync([file])).Records);
    }

    private static async Task<(int ExitCode, long Records, string? Head)> NodeAsync(params string[] args)
    {
        string script = Path.Combine(AppContext.BaseDirectory, "Auditing", "Verification", "verify-log.mjs");
        using Process node = Process.Start(new ProcessStartInfo("node", [script, .. args]) { RedirectStandardOutput = true })!;
        string output = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        JsonElement answer = JsonDocument.Parse(output).RootElement;
        return (node.ExitCode, answer.GetProperty("records").GetInt64(), answer.GetProperty("head").GetString());
    }

    private string Write(string name, List<string> lines)
    {
        string file = Path.Combine(_folder, name);
        File.WriteAllText(file, MadeLog.Text(lines));
        return file;
    }
}
