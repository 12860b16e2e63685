using System.Text;
using PolicyLayer.Auditing;

namespace PolicyLayer.Tests.Auditing.Checkpoints;

/// <summary>What is proved of a log holds for whoever has a checkpoint alone, and of a log that was changed nothing is proved.</summary>
public sealed class AuditLogProverTests : IDisposable
{
    private readonly SignedLog _log = new();

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task Each_record_is_proved_under_the_latest_checkpoint()
    {
        await _log.WriteFilesAsync(5);
        long size = _log.Verify()[^1];
        await _log.Folder.WriteAsync("unsigned");
        byte[][] lines = _log.Lines;
        byte[] root = NaiveMerkle.Root(lines[..(int)size]);
        for (int i = 0; i < size; i++)
        {
            AuditInclusionProof proof = await AuditLogProver.ProveInclusionAsync(_log.Folder.Files, i + 1);
            Assert.Equal(lines[i], Encoding.UTF8.GetBytes(proof.Record));
            Assert.Equal((i, size), (proof.Index, proof.Size));
            Assert.Equal(_log.Notes()[^1], proof.Checkpoint);
            Assert.True(NaiveMerkle.Includes(i, size, NaiveMerkle.Leaf(lines[i]), proof.Hashes, root));
        }
    }

    [Fact]
    public async Task Of_a_log_whose_first_files_are_gone_what_is_left_is_proved()
    {
        await _log.WriteFilesAsync(5);
        byte[][] lines = _log.Lines;
        string[] files = _log.Folder.Files;
        int gone = File.ReadLines(files[0]).Count() + File.ReadLines(files[1]).Count();
        byte[] root = NaiveMerkle.Root(lines);
        for (int i = gone; i < lines.Length; i++)
        {
            AuditInclusionProof proof = await AuditLogProver.ProveInclusionAsync(files[2..], i + 1);
            Assert.True(NaiveMerkle.Includes(i, lines.Length, NaiveMerkle.Leaf(lines[i]), proof.Hashes, root));
        }

        await Assert.ThrowsAsync<AuditLogException>(() => AuditLogProver.ProveInclusionAsync(files[2..], gone));
        await File.WriteAllTextAsync(_log.Checkpoints, _log.Notes()[^1]);
        await Assert.ThrowsAsync<AuditLogException>(() => AuditLogProver.ProveInclusionAsync(files[2..], lines.Length));
    }

    [Fact]
    public async Task A_log_goes_on_with_each_of_its_older_checkpoints()
    {
        for (int records = 1; records < 7; records++)
        {
            await _log.WriteAsync(records);
        }

        byte[][] lines = _log.Lines;
        byte[] root = NaiveMerkle.Root(lines);
        List<long> sizes = _log.Verify();
        foreach ((long size, string note) in sizes.Zip(_log.Notes()))
        {
            AuditConsistencyProof proof = await AuditLogProver.ProveConsistencyAsync([_log.Folder.Log], note);
            Assert.Equal(size, (await AuditLogProver.ProveConsistencyAsync([_log.Folder.Log], note[..^1])).OldSize);
            Assert.Equal((size, lines.Length), (proof.OldSize, proof.Size));
            Assert.Equal(_log.Notes()[^1], proof.Checkpoint);
            Assert.True(NaiveMerkle.Continues(size, lines.Length, NaiveMerkle.Root(lines[..(int)size]), root, proof.Hashes));
        }
    }

    [Fact]
    public async Task A_log_that_was_written_anew_doesnt_go_on_with_an_older_checkpoint()
    {
        await _log.WriteAsync(3);
        string old = await File.ReadAllTextAsync(_log.Checkpoints);
        File.Delete(_log.Checkpoints);
        File.Delete(_log.Folder.Log);
        await _log.WriteAsync(2);
        Assert.Equal(AuditFaultKind.CutOff, await ConsistencyFaultAsync(old));

        await _log.Folder.WriteAsync("another");
        await _log.WriteAsync(2);
        Assert.Equal(AuditFaultKind.CheckpointDiffers, await ConsistencyFaultAsync(old));
    }

    [Fact]
    public async Task Nothing_is_proved_of_a_log_that_was_changed()
    {
        await _log.WriteAsync(3);
        string text = await File.ReadAllTextAsync(_log.Folder.Log);
        await File.WriteAllTextAsync(_log.Folder.Log, text.Replace("\"tool\":\"t1\"", "\"tool\":\"t9\"", StringComparison.Ordinal));
        Assert.Equal(AuditFaultKind.CheckpointDiffers, await FaultAsync(AuditLogProver.ProveInclusionAsync([_log.Folder.Log], 1)));
        Assert.Equal(AuditFaultKind.CheckpointDiffers, await ConsistencyFaultAsync(_log.Notes()[0]));

        string[] lines = text.Split('\n');
        await File.WriteAllTextAsync(_log.Folder.Log, $"{lines[0]}\n{lines[1]}\n");
        Assert.Equal(AuditFaultKind.CutOff, await FaultAsync(AuditLogProver.ProveInclusionAsync([_log.Folder.Log], 1)));
    }

    [Fact]
    public async Task What_cant_be_proved_is_refused_with_the_way_out()
    {
        await _log.Folder.WriteAsync("a");
        await Assert.ThrowsAsync<AuditLogException>(() => AuditLogProver.ProveInclusionAsync([_log.Folder.Log], 1));
        await _log.WriteAsync(1);
        await Assert.ThrowsAsync<AuditLogException>(() => AuditLogProver.ProveInclusionAsync([_log.Folder.Log], 3));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => AuditLogProver.ProveInclusionAsync([_log.Folder.Log], 0));
        await Assert.ThrowsAsync<AuditLogException>(() => AuditLogProver.ProveConsistencyAsync([_log.Folder.Log], "nothing"));
    }

    private Task<AuditFaultKind?> ConsistencyFaultAsync(string old) =>
        FaultAsync(AuditLogProver.ProveConsistencyAsync([_log.Folder.Log], old));

    private static async Task<AuditFaultKind?> FaultAsync(Task proving) =>
        (await Assert.ThrowsAsync<AuditLogException>(() => proving)).Fault?.Kind;
}
