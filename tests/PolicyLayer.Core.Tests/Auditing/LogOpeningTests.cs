using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using PolicyLayer.Auditing;
using PolicyLayer.Auditing.JsonLines;
using PolicyLayer.Tests.Documents;

namespace PolicyLayer.Tests.Auditing;

/// <summary>A log is gone on with only from a last line that its writer left there.</summary>
public sealed class LogOpeningTests : IDisposable
{
    private readonly LogFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_line_torn_at_any_byte_is_cut_off_and_told_in_the_chain()
    {
        await _folder.WriteAsync("first", "second");
        byte[] whole = await File.ReadAllBytesAsync(_folder.Log);
        int second = Array.IndexOf(whole, (byte)'\n') + 1;
        var clock = new FakeTimeProvider(DateTimeOffset.Parse("2026-01-01T00:00:00Z"));
        for (int length = 1; length < whole.Length; length++)
        {
            await File.WriteAllBytesAsync(_folder.Log, whole[..length]);
            int torn = length >= second ? length - second : length;
            await using (JsonLinesAuditSink sink = _folder.Open(options => options.TimeProvider = clock))
            {
                await sink.WriteAsync(LogFolder.Record("next"));
            }

            List<JsonElement> lines = _folder.Verify();
            Assert.Equal((length >= second ? 1 : 0) + (torn > 0 ? 1 : 0) + 1, lines.Count);
            Assert.Equal("next", lines[^1].GetProperty("tool").GetString());
            if (torn > 0)
            {
                string told = $$"""kind":"recovery","time":"2026-01-01T00:00:00+00:00","cut_bytes":{{torn}},"hash""";
                Assert.Contains(told, _folder.Lines()[^2], StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task What_a_power_cut_leaves_behind_is_cut_off_too()
    {
        foreach (string whole in (string[])["", "t"])
        {
            await File.WriteAllBytesAsync(_folder.Log, []);
            await _folder.WriteAsync(whole.Length == 0 ? [] : [whole]);
            await File.AppendAllTextAsync(_folder.Log, new string('\0', 1_500_000));
            await _folder.WriteAsync("next");
            Assert.Equal(1_500_000, _folder.Verify()[^2].GetProperty("cut_bytes").GetInt32());
        }
    }

    [Theory]
    [InlineData("no log")]
    [InlineData("no log\n")]
    [InlineData("{\"kind\":\"decision\",\"sequence\":1}\n")]
    [InlineData("{\"sequence\":1,\"previous\":\"00\",\"hash\":\"00\"}\n")]
    [InlineData("\n")]
    [InlineData("\n\n")]
    public async Task A_file_that_is_no_log_is_refused_and_stays_as_it_is(string text)
    {
        await File.WriteAllTextAsync(_folder.Log, text);

        AuditLogException refused = Assert.Throws<AuditLogException>(() => _folder.Open());

        Assert.Contains(_folder.Log, refused.Message, StringComparison.Ordinal);
        Assert.Equal(text, await File.ReadAllTextAsync(_folder.Log));
    }

    [Fact]
    public async Task A_last_line_of_which_any_byte_was_changed_is_refused()
    {
        await _folder.WriteAsync("first", "second");
        byte[] whole = await File.ReadAllBytesAsync(_folder.Log);
        int second = Array.IndexOf(whole, (byte)'\n') + 1;
        for (int at = second; at < whole.Length - 1; at++)
        {
            byte[] changed = [.. whole];
            changed[at] ^= 1;
            await File.WriteAllBytesAsync(_folder.Log, changed);
            Assert.Throws<AuditLogException>(() => _folder.Open());
            Assert.Equal(changed, await File.ReadAllBytesAsync(_folder.Log));
        }
    }

    [Fact]
    public async Task A_torn_tail_behind_a_changed_line_is_left_where_it_is()
    {
        await _folder.WriteAsync("first");
        string torn = (await File.ReadAllTextAsync(_folder.Log)).Replace("first", "fir5t", StringComparison.Ordinal) + "{\"sequ";
        await File.WriteAllTextAsync(_folder.Log, torn);

        Assert.Throws<AuditLogException>(() => _folder.Open());
        Assert.Equal(torn, await File.ReadAllTextAsync(_folder.Log));
    }

    [Fact]
    public async Task The_longest_line_is_gone_on_with()
    {
        await _folder.WriteAsync("first");
        await using (JsonLinesAuditSink sink = _folder.Open())
        {
            for (int length = 65_000; length < 65_300; length += 37)
            {
                await sink.WriteAsync(LogFolder.Record() with { Message = new('m', length) });
            }
        }

        await _folder.WriteAsync("next");
        Assert.Contains(_folder.Lines(), line => line.Length > 65_490);
        Assert.Equal("next", _folder.Verify()[^1].GetProperty("tool").GetString());
    }

    [Fact]
    public async Task A_log_is_written_with_keys_or_without()
    {
        PolicyLayerKeys one = Keys("k1", "k1"), two = Keys("k2", "k1", "k2"), other = Keys("k2", "k2");
        await WriteAsync(one);
        await WriteAsync(two);
        Assert.Equal(["k1", "k2"], _folder.Lines().Select(line => JsonDocument.Parse(line).RootElement.GetProperty("key").GetString()));
        LogFolder.Verify([Encoding.UTF8.GetBytes(_folder.Lines()[0] + "\n")], LineKey(one, "k1"));
        LogFolder.Verify([Encoding.UTF8.GetBytes(_folder.Lines()[1] + "\n")], LineKey(two, "k2"), first: 2);

        Assert.Throws<AuditLogException>(() => Open(null));
        Assert.Throws<AuditLogException>(() => Open(one));
        await WriteAsync(other);

        File.Delete(_folder.Log);
        await WriteAsync(null);
        Assert.Throws<AuditLogException>(() => Open(one));
    }

    [Fact]
    public async Task A_keyed_line_is_believed_only_under_its_key()
    {
        await WriteAsync(Keys("k1", "k1"));
        PolicyLayerKeys forged = new("k1", new Dictionary<string, byte[]> { ["k1"] = new byte[32] });

        Assert.Throws<AuditLogException>(() => Open(forged));
    }

    [Fact]
    public async Task A_log_that_is_rotated_away_while_it_is_opened_is_refused()
    {
        await _folder.WriteAsync("first");
        var options = new JsonLinesAuditSinkOptions { Path = _folder.Log };

        Assert.Throws<IOException>(() => new JsonLinesAuditSink(options, new RotatedAway(_folder.Log)));
        await _folder.WriteAsync("second");
        Assert.Equal(2, _folder.Verify().Count);
    }

    [Fact]
    public async Task The_lines_of_the_page_are_a_log()
    {
        string page = MarkdownPage.Blocks("audit.md").First(block => block.Info == "jsonl").Text;
        await File.WriteAllTextAsync(_folder.Log, page + "\n");
        await _folder.WriteAsync("next");
        Assert.Equal(4, _folder.Verify().Count);
    }

    private static PolicyLayerKeys Keys(string current, params string[] ids) =>
        new(current, ids.ToDictionary(id => id, id => Enumerable.Repeat((byte)id[1], 32).ToArray()));

    // HKDF-SHA-256, as schema/audit.md says, without the library.
    private static byte[] LineKey(PolicyLayerKeys keys, string id)
    {
        Assert.Contains(id, keys.Ids);
        return System.Security.Cryptography.HKDF.DeriveKey(
            System.Security.Cryptography.HashAlgorithmName.SHA256,
            Enumerable.Repeat((byte)id[1], 32).ToArray(), 32, info: Encoding.UTF8.GetBytes("policylayer audit line v1"));
    }

    private JsonLinesAuditSink Open(PolicyLayerKeys? keys) => _folder.Open(options => options.Keys = keys);

    private async Task WriteAsync(PolicyLayerKeys? keys)
    {
        await using JsonLinesAuditSink sink = Open(keys);
        await sink.WriteAsync(LogFolder.Record());
    }

    private sealed class RotatedAway(string path) : LogFiles(path)
    {
        public override LogFile OpenActive()
        {
            Rotate(1);
            return base.OpenActive();
        }
    }
}
