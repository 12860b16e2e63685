using System.Text;
using PolicyLayer.Auditing;

namespace PolicyLayer.Tests.Auditing.Verification;

/// <summary>No change of a log goes unseen: alone where it isn't hashed anew, by its head or the keys where it is.</summary>
public sealed class TamperingTests : IDisposable
{
    private const int Seed = 14;

    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData(100, 1_000, 100_000)]
    [InlineData(10_000, 10, 1_000)]
    public async Task Every_changed_byte_is_found(int records, int usual, int whenLong)
    {
        byte[] log = Encoding.UTF8.GetBytes(MadeLog.Text(MadeLog.Lines(records)));
        await File.WriteAllBytesAsync(_file, log);
        Assert.True((await VerifyAsync()).IsGood);
        var random = new Random(Seed);
        for (int i = 0; i < LongTests.Choose(usual, whenLong); i++)
        {
            int at = random.Next(log.Length);
            byte changed = (byte)(log[at] ^ random.Next(1, 256));
            Put(at, changed);
            Assert.False((await VerifyAsync()).IsGood, $"Byte {at}, made {changed}, in change {i}.");
            Put(at, log[at]);
        }

        Assert.True((await VerifyAsync()).IsGood);
    }

    [Fact]
    public async Task Every_removal_doubling_insertion_and_cut_is_found()
    {
        List<string> lines = MadeLog.Lines(200);
        string head = MadeLog.HashOf(lines[^1]);
        Assert.True((await VerifyAsync(lines, head)).IsGood);
        for (int i = 0; i < lines.Count; i++)
        {
            await ExpectFaultAsync([.. lines[..i], .. lines[(i + 1)..]], head, $"removal of {i}");
            await ExpectFaultAsync([.. lines[..i], lines[i], .. lines[i..]], head, $"doubling of {i}");
            await ExpectFaultAsync(lines[..i], head, $"cut to {i}");
            await ExpectFaultAsync(lines[(i + 1)..], head, $"cut before {i}");
            string previous = i == 0 ? MadeLog.NoHash : MadeLog.HashOf(lines[i - 1]);
            string inserted = new MadeLog().Next(MadeLog.Decision(7), i + 1, previous);
            await ExpectFaultAsync([.. lines[..i], inserted, .. lines[i..]], head, $"insertion at {i}");
        }

        string last = new MadeLog().Next(MadeLog.Decision(7), 201, head);
        await ExpectFaultAsync([.. lines, last], head, "insertion at the end");
    }

    [Fact]
    public async Task Every_swap_is_found()
    {
        List<string> lines = MadeLog.Lines(200);
        var random = new Random(Seed);
        for (int i = 0; i < lines.Count; i++)
        {
            for (int j = i + 1; j < lines.Count; j++)
            {
                if (j == i + 1 || random.Next(LongTests.Choose(100, 1)) == 0)
                {
                    List<string> swapped = [.. lines];
                    (swapped[i], swapped[j]) = (lines[j], lines[i]);
                    await ExpectFaultAsync(swapped, MadeLog.HashOf(lines[^1]), $"swap of {i} and {j}");
                }
            }
        }
    }

    /// <summary>Alone, and with all lines behind it hashed anew, which only the head shows.</summary>
    [Fact]
    public async Task Every_renumbering_is_found()
    {
        List<string> lines = MadeLog.Lines(200);
        string head = MadeLog.HashOf(lines[^1]);
        for (int i = 0; i < lines.Count; i++)
        {
            List<string> renumbered = [.. lines];
            renumbered[i] = lines[i].Replace($"\"sequence\":{i + 1},", $"\"sequence\":{i + 2},", StringComparison.Ordinal);
            await ExpectFaultAsync(renumbered, head, $"number {i + 2} in place of {i + 1}");
            renumbered[i] = new MadeLog().Next(MadeLog.Decision(i), i + 2, i == 0 ? MadeLog.NoHash : MadeLog.HashOf(lines[i - 1]));
            await ExpectFaultAsync(renumbered, head, $"number {i + 2} in place of {i + 1}, hashed anew");
            var log = new MadeLog();
            renumbered = [.. lines[..i]];
            string previous = i == 0 ? MadeLog.NoHash : MadeLog.HashOf(lines[i - 1]);
            renumbered.Add(log.Next(MadeLog.Decision(i), i + 2, previous));
            renumbered.AddRange(MadeLog.Lines(5, log));
            await ExpectFaultAsync(renumbered, null, $"numbers from {i + 2} in place of {i + 1}, all hashed anew");
        }
    }

    [Fact]
    public async Task A_log_hashed_anew_is_shown_by_its_head()
    {
        List<string> lines = MadeLog.Lines(20);
        var log = new MadeLog();
        List<string> forged = [.. Enumerable.Range(0, 20).Select(i => log.Next(MadeLog.Decision(i == 3 ? 99 : i)))];
        Assert.True((await VerifyAsync(forged, head: null)).IsGood);

        AuditVerification found = await VerifyAsync(forged, MadeLog.HashOf(lines[^1]));

        Assert.Equal((AuditFaultKind.HeadDiffers, 20, 20), (found.Fault!.Kind, found.Fault.Line, found.Fault.Sequence));
    }

    [Theory]
    [InlineData(null, AuditFaultKind.Unkeyed)]
    [InlineData("k1", AuditFaultKind.HashDiffers)]
    [InlineData("k9", AuditFaultKind.KeyUnknown)]
    public async Task A_keyed_log_cannot_be_written_anew_without_its_key(string? forgersKey, AuditFaultKind expected)
    {
        (byte[] key, byte[] other) = (new byte[32], [.. Enumerable.Repeat((byte)1, 32)]);
        var keys = new PolicyLayerKeys("k1", new Dictionary<string, byte[]> { ["k1"] = key });
        List<string> lines = MadeLog.Lines(5, new MadeLog("k1", key));
        MadeLog forger = forgersKey is null ? new MadeLog() : new MadeLog(forgersKey, other);
        string forged = forger.Next(MadeLog.Decision(9), 6, MadeLog.HashOf(lines[^1]));
        Assert.True((await VerifyAsync(lines, head: null, keys)).IsGood);

        AuditVerification found = await VerifyAsync([.. lines, forged], head: null, keys);

        Assert.Equal((expected, 6, 5), (found.Fault?.Kind, found.Fault?.Line, found.Records));
        Assert.False((await VerifyAsync(MadeLog.Lines(3), head: null, keys)).IsGood);
    }

    private void Put(int at, byte value)
    {
        using FileStream file = new(_file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        file.Position = at;
        file.WriteByte(value);
    }

    private async Task ExpectFaultAsync(List<string> lines, string? head, string change) =>
        Assert.False((await VerifyAsync(lines, head)).IsGood, change);

    private async Task<AuditVerification> VerifyAsync(List<string> lines, string? head, PolicyLayerKeys? keys = null)
    {
        await File.WriteAllTextAsync(_file, MadeLog.Text(lines));
        return await new AuditLogVerifier { Head = head, Keys = keys }.VerifyAsync([_file]);
    }

    private Task<AuditVerification> VerifyAsync() => new AuditLogVerifier().VerifyAsync([_file]);
}
