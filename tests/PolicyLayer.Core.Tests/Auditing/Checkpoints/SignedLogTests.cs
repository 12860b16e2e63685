using System.Security.Cryptography;
using Microsoft.Extensions.Time.Testing;
using PolicyLayer.Auditing;
using PolicyLayer.Tests.Auditing.Verification;

namespace PolicyLayer.Tests.Auditing.Checkpoints;

/// <summary>A sink with a signer has all its lines signed: at each interval, before a rotation, and at its end.</summary>
public sealed class SignedLogTests : IDisposable
{
    private readonly SignedLog _log = new();

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task A_log_is_signed_when_it_is_closed_and_goes_on_behind_that()
    {
        await _log.WriteAsync(3);
        await _log.WriteAsync(0);
        await _log.WriteAsync(1);
        await _log.WriteAsync(5);

        Assert.Equal([3, 4, 9], _log.Verify());
    }

    [Fact]
    public async Task A_log_is_signed_an_interval_after_a_record_and_not_without_one()
    {
        var clock = new FakeTimeProvider();
        await using JsonLinesAuditSink sink = _log.Open(options =>
        {
            options.TimeProvider = clock;
            options.CheckpointInterval = TimeSpan.FromMinutes(2);
        });
        Assert.Empty(await File.ReadAllTextAsync(_log.Checkpoints));
        await sink.WriteAsync(LogFolder.Record());
        clock.Advance(TimeSpan.FromSeconds(119));
        await sink.WriteAsync(LogFolder.Record());
        Assert.Empty(await File.ReadAllTextAsync(_log.Checkpoints));

        clock.Advance(TimeSpan.FromSeconds(1));
        await SizesAsync("2");
        clock.Advance(TimeSpan.FromHours(1));
        await sink.WriteAsync(LogFolder.Record());
        await SizesAsync("2");
        clock.Advance(TimeSpan.FromMinutes(2));
        await SizesAsync("2", "3");
    }

    [Fact]
    public async Task A_log_that_was_left_unsigned_is_signed_an_interval_after_it_was_opened()
    {
        await _log.Folder.WriteAsync("a", "b");
        var clock = new FakeTimeProvider();
        await using JsonLinesAuditSink sink = _log.Open(options => options.TimeProvider = clock);

        clock.Advance(TimeSpan.FromMinutes(1));

        await SizesAsync("2");
    }

    [Fact]
    public async Task A_file_is_signed_to_its_end_before_it_is_rotated()
    {
        await _log.WriteFilesAsync(4);

        string[] files = _log.Folder.Files;
        Assert.InRange(files.Length, 3, 12);
        int lines = 0;
        List<long> ends = [.. files.Select(file => (long)(lines += File.ReadLines(file).Count()))];
        Assert.Equal(ends, _log.Verify());
    }

    [Fact]
    public async Task A_log_whose_first_files_are_gone_goes_on_with_its_tree()
    {
        await _log.WriteFilesAsync(4);
        byte[][] gone = [.. File.ReadLines(_log.Folder.Rotated(1)).Select(System.Text.Encoding.UTF8.GetBytes)];
        File.Delete(_log.Folder.Rotated(1));

        await _log.WriteAsync(5);

        string root = _log.Notes()[^1].Split('\n')[2];
        Assert.Equal(Convert.ToBase64String(NaiveMerkle.Root([.. gone, .. _log.Lines])), root);
        Assert.True((await new AuditLogVerifier { PublicKeys = _log.PublicKeys, After = PreviousOf(_log.Folder.Files[0]) }
            .VerifyAsync(_log.Folder.Files)).IsGood);
    }

    [Fact]
    public async Task A_log_whose_first_files_are_gone_isnt_signed_without_a_checkpoint_that_says_what_they_were()
    {
        await _log.WriteFilesAsync(4);
        File.Delete(_log.Folder.Rotated(1));
        File.Delete(_log.Checkpoints);

        Assert.Contains("first files are gone", Assert.Throws<AuditLogException>(() => _log.Open()).Message, StringComparison.Ordinal);
        await _log.Folder.WriteAsync("goes on unsigned");
    }

    [Fact]
    public async Task Another_key_signs_the_whole_log_anew_and_both_verify()
    {
        await _log.WriteAsync(3);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var signer = new EcdsaAuditSigner(SignedLog.Origin, other);
        await _log.WriteAsync(2, options => options.Signer = signer);

        string both = _log.Key.ExportSubjectPublicKeyInfoPem() + "\n" + other.ExportSubjectPublicKeyInfoPem();
        AuditVerification found = await _log.VerifyAsync(AuditPublicKeys.Parse(both));
        Assert.Null(found.Fault);
        Assert.Equal(5, found.Signed);
        Assert.Equal(AuditFaultKind.SignatureDiffers, (await _log.VerifyAsync()).Fault?.Kind);
    }

    [Fact]
    public async Task A_log_keeps_its_origin()
    {
        await _log.WriteAsync(1);
        using var signer = new EcdsaAuditSigner("another", ECDsa.Create(_log.Key.ExportParameters(includePrivateParameters: true)));

        Assert.Contains(
            "another origin",
            Assert.Throws<AuditLogException>(() => _log.Open(options => options.Signer = signer)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_that_was_cut_off_isnt_signed_on()
    {
        await _log.WriteAsync(3);
        string[] lines = await File.ReadAllLinesAsync(_log.Folder.Log);
        await File.WriteAllTextAsync(_log.Folder.Log, lines[0] + "\n" + lines[1] + "\n");

        Assert.Contains("cut off", Assert.Throws<AuditLogException>(() => _log.Open()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(2, 0)]
    [InlineData(0, 2)]
    [InlineData(2, 2)]
    public async Task A_log_that_was_written_anew_isnt_signed_on(int changed, int unsigned)
    {
        await _log.WriteAsync(3);
        await _log.Folder.WriteAsync([.. Enumerable.Repeat("unsigned", unsigned)]);
        await SignedLog.ForgeAsync(_log.Folder.Log, changed);

        Assert.Contains("written anew", Assert.Throws<AuditLogException>(() => _log.Open()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_doesnt_go_on_with_the_one_that_is_signed_isnt_signed()
    {
        await _log.WriteFilesAsync(2);
        List<string> notes = _log.Notes();
        await File.WriteAllTextAsync(_log.Checkpoints, notes[0]);
        string first = await File.ReadAllTextAsync(_log.Folder.Rotated(1));
        await SignedLog.ForgeAsync(_log.Folder.Rotated(1), changed: 0);
        string previous = MadeLog.HashOf(File.ReadLines(_log.Folder.Rotated(1)).Last());
        await File.WriteAllTextAsync(_log.Folder.Rotated(1), first);
        string next = _log.Folder.Files[1];
        string text = await File.ReadAllTextAsync(next);
        string expected = MadeLog.HashOf(first.TrimEnd('\n').Split('\n')[^1]);
        await File.WriteAllTextAsync(next, text.Replace(expected, previous, StringComparison.Ordinal));
        await SignedLog.ForgeAsync(next, changed: 0);

        Assert.Throws<AuditLogException>(() => _log.Open());
    }

    [Fact]
    public async Task Another_key_signs_no_log_that_an_earlier_checkpoint_contradicts()
    {
        await _log.WriteAsync(3);
        await SignedLog.ForgeAsync(_log.Folder.Log, changed: 1);
        using var signer = new EcdsaAuditSigner(SignedLog.Origin, ECDsa.Create(ECCurve.NamedCurves.nistP256));

        Assert.Contains(
            "number 3: The lines up to here",
            Assert.Throws<AuditLogException>(() => _log.Open(options => options.Signer = signer)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Checkpoints_of_another_log_of_the_name_arent_gone_on_with()
    {
        await _log.WriteAsync(3);
        string other = Path.Combine(_log.Folder.Folder, "audit.log");
        await using (var unsigned = new JsonLinesAuditSink(other))
        {
            for (int i = 0; i < 5; i++)
            {
                await unsigned.WriteAsync(LogFolder.Record($"other{i}"));
            }
        }

        Assert.Throws<AuditLogException>(() => _log.Open(options => options.Path = other));
    }

    [Fact]
    public async Task Log_and_checkpoints_may_be_reached_through_links()
    {
        string files = Path.Combine(_log.Folder.Folder, "files");
        Directory.CreateDirectory(files);
        File.CreateSymbolicLink(_log.Folder.Log, Path.Combine(files, "a"));
        File.CreateSymbolicLink(_log.Checkpoints, Path.Combine(files, "b"));
        await _log.WriteAsync(2);
        await _log.WriteAsync(2);

        Assert.Equal([2, 4], _log.Verify());
    }

    [Fact]
    public async Task Lines_that_dont_hold_arent_signed()
    {
        await _log.Folder.WriteAsync("a", "b", "c");
        string text = await File.ReadAllTextAsync(_log.Folder.Log);
        await File.WriteAllTextAsync(_log.Folder.Log, text.Replace("\"tool\":\"b\"", "\"tool\":\"x\"", StringComparison.Ordinal));

        Assert.Contains("doesn't hold", Assert.Throws<AuditLogException>(() => _log.Open()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_checkpoint_torn_at_any_byte_is_cut_off()
    {
        await _log.WriteAsync(1);
        await _log.WriteAsync(1);
        byte[] whole = await File.ReadAllBytesAsync(_log.Checkpoints);
        for (int length = 0; length < whole.Length; length++)
        {
            await File.WriteAllBytesAsync(_log.Checkpoints, whole[..length]);
            await _log.WriteAsync(0);
            Assert.Equal(2, _log.Verify()[^1]);
        }
    }

    [Theory]
    [InlineData("something else\n")]
    [InlineData("something else")]
    [InlineData("\n")]
    [InlineData("example.com/audit\n1\n\n— x aaaa\n")]
    public async Task A_file_that_has_no_checkpoints_is_refused_and_stays_as_it_is(string text)
    {
        await File.WriteAllTextAsync(_log.Checkpoints, text);

        Assert.Throws<AuditLogException>(() => _log.Open());

        Assert.Equal(text, await File.ReadAllTextAsync(_log.Checkpoints));
    }

    [Fact]
    public async Task What_isnt_a_checkpoint_behind_one_is_refused_and_stays_as_it_is()
    {
        await _log.WriteAsync(1);
        string text = await File.ReadAllTextAsync(_log.Checkpoints) + "\nsomething else";
        await File.WriteAllTextAsync(_log.Checkpoints, text);

        Assert.Throws<AuditLogException>(() => _log.Open());

        Assert.Equal(text, await File.ReadAllTextAsync(_log.Checkpoints));
    }

    [Fact]
    public void A_log_cant_have_the_name_of_its_checkpoints() =>
        Assert.Throws<AuditLogException>(() => _log.Open(options => options.Path = _log.Checkpoints));

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a+b")]
    [InlineData("é")]
    [InlineData("a\nb")]
    [InlineData("a(b")]
    public void An_origin_is_a_word(string origin) => Assert.Throws<ArgumentException>(() => new EcdsaAuditSigner(origin, _log.Key));

    [Fact]
    public void A_key_is_a_private_one_of_P256()
    {
        using var publicKey = ECDsa.Create(_log.Key.ExportParameters(includePrivateParameters: false));
        using var large = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        Assert.Throws<ArgumentException>(() => new EcdsaAuditSigner("o", publicKey));
        Assert.Throws<ArgumentException>(() => new EcdsaAuditSigner("o", large));
        Assert.Throws<ArgumentException>(() => EcdsaAuditSigner.FromPem("o", _log.Key.ExportSubjectPublicKeyInfoPem()));
        Assert.Throws<ArgumentException>(() => EcdsaAuditSigner.FromPem("o", "nothing"));
        Assert.Throws<ArgumentException>(() => AuditPublicKeys.Parse(_log.Key.ExportECPrivateKeyPem()));
        Assert.Throws<ArgumentException>(() => AuditPublicKeys.Parse(large.ExportSubjectPublicKeyInfoPem()));
        Assert.Throws<ArgumentException>(() => AuditPublicKeys.Parse(""));
        using EcdsaAuditSigner signer = EcdsaAuditSigner.FromPem("o", _log.Key.ExportPkcs8PrivateKeyPem());
        Assert.Equal(_log.Key.ExportSubjectPublicKeyInfo(), signer.PublicKey.ToArray());
    }

    // The sink signs on another thread: what it writes is waited for, however long that takes.
    private async Task SizesAsync(params string[] sizes)
    {
        string text = "";
        while (text.Split("\n\n").Length != 2 * sizes.Length || !text.EndsWith('\n'))
        {
            await Task.Yield();
            text = await File.ReadAllTextAsync(_log.Checkpoints);
        }

        Assert.Equal(sizes, _log.Notes().Select(note => note.Split('\n')[1]));
    }

    private static string PreviousOf(string file)
    {
        string line = File.ReadLines(file).First();
        return line[(line.IndexOf("\"previous\":\"", StringComparison.Ordinal) + 12)..][..64];
    }
}
