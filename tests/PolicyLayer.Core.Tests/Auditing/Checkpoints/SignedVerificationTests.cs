using System.Text;
using PolicyLayer.Auditing;
using PolicyLayer.Tests.Auditing.Verification;

namespace PolicyLayer.Tests.Auditing.Checkpoints;

/// <summary>Who has the public key sees every change of what is signed, though the whole log was hashed anew.</summary>
public sealed class SignedVerificationTests : IDisposable
{
    private readonly SignedLog _log = new();

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task A_log_that_holds_says_how_much_of_it_is_signed()
    {
        await _log.WriteFilesAsync(3);
        long signed = _log.Verify()[^1];
        await _log.Folder.WriteAsync("unsigned");

        AuditVerification found = await _log.VerifyAsync();

        Assert.Null(found.Fault);
        Assert.Equal(signed, found.Signed);
        Assert.Equal(signed + 1, found.Records);
        Assert.Null((await new AuditLogVerifier().VerifyAsync(_log.Folder.Files)).Signed);
    }

    [Fact]
    public async Task Every_line_that_is_signed_and_written_anew_with_all_behind_it_is_found()
    {
        await _log.WriteAsync(30);
        await _log.WriteAsync(30);
        string text = await File.ReadAllTextAsync(_log.Folder.Log);
        for (int i = 0; i < 60; i++)
        {
            await File.WriteAllTextAsync(_log.Folder.Log, text);
            await SignedLog.ForgeAsync(_log.Folder.Log, changed: i);
            Assert.True((await new AuditLogVerifier().VerifyAsync([_log.Folder.Log])).IsGood);
            AuditVerification found = await _log.VerifyAsync();
            Assert.Equal(AuditFaultKind.CheckpointDiffers, found.Fault?.Kind);
            Assert.Equal(i < 30 ? 0 : 30, found.Signed);
            Assert.Equal(i < 30 ? 30 : 60, found.Fault!.Sequence);
        }
    }

    [Fact]
    public async Task Every_cut_of_what_is_signed_is_found()
    {
        await _log.WriteAsync(30);
        string[] lines = await File.ReadAllLinesAsync(_log.Folder.Log);
        for (int count = 0; count < lines.Length; count++)
        {
            await File.WriteAllTextAsync(_log.Folder.Log, MadeLog.Text(lines[..count]));
            Assert.Equal(AuditFaultKind.CutOff, (await _log.VerifyAsync()).Fault?.Kind);
        }
    }

    [Fact]
    public async Task Every_changed_byte_of_the_checkpoints_is_found()
    {
        await _log.WriteAsync(3);
        await _log.WriteAsync(4);
        byte[] whole = await File.ReadAllBytesAsync(_log.Checkpoints);
        var random = new Random(15);
        for (int at = 0; at < whole.Length; at++)
        {
            for (int i = 0; i < 4; i++)
            {
                byte[] changed = [.. whole];
                changed[at] ^= (byte)(i == 0 ? 1 : random.Next(1, 256));
                await File.WriteAllBytesAsync(_log.Checkpoints, changed);
                Assert.False((await _log.VerifyAsync()).IsGood, $"Byte {at}, made {changed[at]}.");
            }
        }
    }

    [Fact]
    public async Task Checkpoints_in_another_order_or_of_another_log_are_found()
    {
        await _log.WriteAsync(3);
        await _log.WriteAsync(4);
        List<string> notes = _log.Notes();
        await File.WriteAllTextAsync(_log.Checkpoints, string.Join('\n', notes.AsEnumerable().Reverse()));
        Assert.Equal(AuditFaultKind.NoCheckpoint, (await _log.VerifyAsync()).Fault?.Kind);

        using var other = new SignedLog();
        using var signer = new EcdsaAuditSigner("other", System.Security.Cryptography.ECDsa.Create(_log.Key.ExportParameters(true)));
        await other.WriteAsync(7, options => options.Signer = signer);
        await File.WriteAllTextAsync(_log.Checkpoints, notes[0] + "\n" + await File.ReadAllTextAsync(other.Checkpoints));
        Assert.Equal(AuditFaultKind.NoCheckpoint, (await _log.VerifyAsync()).Fault?.Kind);
    }

    [Fact]
    public async Task Missing_checkpoints_are_a_fault_only_where_a_key_is_given()
    {
        await _log.WriteAsync(3);
        File.Delete(_log.Checkpoints);

        Assert.Equal(AuditFaultKind.CheckpointsMissing, (await _log.VerifyAsync()).Fault?.Kind);
        await File.WriteAllTextAsync(_log.Checkpoints, "");
        Assert.Equal(AuditFaultKind.CheckpointsMissing, (await _log.VerifyAsync()).Fault?.Kind);
        Assert.True((await new AuditLogVerifier().VerifyAsync(_log.Folder.Files)).IsGood);
    }

    [Fact]
    public async Task A_torn_checkpoint_is_a_fault_unless_it_is_being_written()
    {
        await _log.WriteAsync(1);
        long length = new FileInfo(_log.Checkpoints).Length;
        await using (JsonLinesAuditSink sink = _log.Open())
        {
            await sink.WriteAsync(LogFolder.Record());
            Append("\nexample.com/audit\n2\n");
            Assert.Null((await _log.VerifyAsync()).Fault);
            using FileStream file = new(_log.Checkpoints, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            file.SetLength(length);
        }

        Append("\nexample.com/audit\n2\n");
        Assert.Equal(AuditFaultKind.NoCheckpoint, (await _log.VerifyAsync()).Fault?.Kind);
    }

    [Fact]
    public async Task A_log_whose_first_files_are_gone_is_checked_from_the_checkpoint_that_they_end_with()
    {
        await _log.WriteFilesAsync(5);
        string[] files = _log.Folder.Files;
        string after = MadeLog.HashOf(File.ReadLines(files[1]).Last());
        var verifier = new AuditLogVerifier { PublicKeys = _log.PublicKeys, After = after };
        Assert.Null((await verifier.VerifyAsync(files[2..])).Fault);

        string text = await File.ReadAllTextAsync(_log.Checkpoints);
        List<string> notes = _log.Notes();
        await File.WriteAllTextAsync(_log.Checkpoints, string.Join('\n', notes.Where((_, i) => i != 1)));
        Assert.Equal(AuditFaultKind.TreeUnknown, (await verifier.VerifyAsync(files[2..])).Fault?.Kind);
        await File.WriteAllTextAsync(_log.Checkpoints, text);
        Assert.Equal(AuditFaultKind.CutOff, (await verifier.VerifyAsync(files[2..^1])).Fault?.Kind);
    }

    private void Append(string text)
    {
        using FileStream file = new(_log.Checkpoints, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        file.Seek(0, SeekOrigin.End);
        file.Write(Encoding.UTF8.GetBytes(text));
    }
}
