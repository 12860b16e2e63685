using System.Security.Cryptography;
using Microsoft.Extensions.Time.Testing;
using PolicyLayer.Auditing;

namespace PolicyLayer.Tests.Auditing.Checkpoints;

/// <summary>Where a log can't be signed, no record is taken until it can, and what was written stays as it was.</summary>
public sealed class SignerFaultTests : IDisposable
{
    private readonly SignedLog _log = new();
    private readonly FakeTimeProvider _clock = new();
    private readonly StubSigner _signer;

    public SignerFaultTests() => _signer = new StubSigner(_log.Signer);

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task A_signer_that_fails_lets_records_fail_until_it_signs()
    {
        await using JsonLinesAuditSink sink = Open();
        await sink.WriteAsync(LogFolder.Record("a"));
        _signer.Sign = _ => throw new InvalidOperationException("no");
        await FailCheckpointAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => sink.WriteAsync(LogFolder.Record("b")).AsTask());
        _signer.Sign = null;
        await sink.WriteAsync(LogFolder.Record("c"));
        await sink.DisposeAsync();

        Assert.Equal([1, 2], _log.Verify());
        Assert.Equal(["a", "c"], _log.Folder.Verify().Select(line => line.GetProperty("tool").GetString()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_isnt_the_keys_signature_is_not_written(bool isAnothers)
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _signer.Sign = text => isAnothers
            ? other.SignData(text, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)
            : _log.Key.SignData(text, HashAlgorithmName.SHA256);
        JsonLinesAuditSink sink = Open();
        await sink.WriteAsync(LogFolder.Record());

        await Assert.ThrowsAsync<CryptographicException>(() => sink.DisposeAsync().AsTask());

        Assert.Empty(await File.ReadAllTextAsync(_log.Checkpoints));
        await _log.WriteAsync(1);
        Assert.Equal([2], _log.Verify());
    }

    [Fact]
    public async Task A_signer_that_hangs_has_its_time()
    {
        var hangs = new TaskCompletionSource<ReadOnlyMemory<byte>>();
        _signer.Hangs = hangs.Task;
        JsonLinesAuditSink sink = Open();
        await sink.WriteAsync(LogFolder.Record());

        Task closed = sink.DisposeAsync().AsTask();
        await _signer.Asked.Task;
        while (!closed.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromSeconds(5));
            await Task.Yield();
        }

        await Assert.ThrowsAsync<TimeoutException>(() => closed);
        Assert.True(_signer.Stop.IsCancellationRequested);
        await _log.WriteAsync(1);
        Assert.Equal([2], _log.Verify());
    }

    [Fact]
    public async Task Checkpoints_that_another_program_changed_arent_written_on()
    {
        JsonLinesAuditSink sink = Open();
        await sink.WriteAsync(LogFolder.Record());
        File.Delete(_log.Checkpoints);

        await Assert.ThrowsAsync<IOException>(() => sink.DisposeAsync().AsTask());
    }

    [Fact]
    public async Task A_disk_that_is_full_leaves_a_checkpoint_that_is_cut_off()
    {
        using var folder = new LogFolder();
        var files = new FaultyLogFiles(folder.Log);
        var options = new JsonLinesAuditSinkOptions { Path = folder.Log, Signer = _log.Signer };
        var sink = new JsonLinesAuditSink(options, files);
        await sink.WriteAsync(LogFolder.Record());
        for (int room = 0; room < 3; room++)
        {
            files.CheckpointRoom = room * 50;
            await Assert.ThrowsAsync<IOException>(() => sink.DisposeAsync().AsTask());
            sink = new JsonLinesAuditSink(options, files);
        }

        files.CheckpointRoom = long.MaxValue;
        await sink.DisposeAsync();

        AuditVerification found = await new AuditLogVerifier { PublicKeys = _log.PublicKeys }.VerifyAsync([folder.Log]);
        Assert.Null(found.Fault);
        Assert.Equal(1, found.Signed);
    }

    [Fact]
    public async Task What_wasnt_written_isnt_signed()
    {
        using var folder = new LogFolder();
        var files = new FaultyLogFiles(folder.Log);
        await using (var sink = new JsonLinesAuditSink(new JsonLinesAuditSinkOptions { Path = folder.Log, Signer = _log.Signer }, files))
        {
            await sink.WriteAsync(LogFolder.Record("a"));
            files.Room = 10;
            await Assert.ThrowsAsync<IOException>(() => sink.WriteAsync(LogFolder.Record("b")).AsTask());
            files.Room = long.MaxValue;
            await sink.WriteAsync(LogFolder.Record("c"));
        }

        AuditVerification found = await new AuditLogVerifier { PublicKeys = _log.PublicKeys }.VerifyAsync([folder.Log]);
        Assert.Null(found.Fault);
        Assert.Equal((2, 2), (found.Records, found.Signed));
    }

    [Fact]
    public async Task Lines_are_forced_to_the_disk_before_they_are_signed()
    {
        using var folder = new LogFolder();
        var files = new FaultyLogFiles(folder.Log);
        var options = new JsonLinesAuditSinkOptions { Path = folder.Log, Signer = _log.Signer, DiskSync = AuditDiskSync.Never };
        var sink = new JsonLinesAuditSink(options, files);
        await sink.WriteAsync(LogFolder.Record());
        files.CanSync = false;

        await Assert.ThrowsAsync<IOException>(() => sink.DisposeAsync().AsTask());

        Assert.Empty(await File.ReadAllTextAsync(Path.Combine(folder.Folder, "audit.checkpoints")));
    }

    private JsonLinesAuditSink Open() => _log.Open(options =>
    {
        options.Signer = _signer;
        options.TimeProvider = _clock;
    });

    private async Task FailCheckpointAsync()
    {
        _clock.Advance(TimeSpan.FromMinutes(1));
        await _signer.Asked.Task;
    }

    private sealed class StubSigner(EcdsaAuditSigner signer) : IAuditSigner
    {
        public Func<byte[], byte[]>? Sign { get; set; }

        public Task<ReadOnlyMemory<byte>>? Hangs { get; set; }

        public CancellationToken Stop { get; private set; }

        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Origin => signer.Origin;

        public ReadOnlyMemory<byte> PublicKey => signer.PublicKey;

        public ValueTask<ReadOnlyMemory<byte>> SignAsync(ReadOnlyMemory<byte> text, CancellationToken cancellationToken = default)
        {
            Stop = cancellationToken;
            Asked.TrySetResult();
            if (Hangs is not null)
            {
                return new(Hangs);
            }

            return Sign is null ? signer.SignAsync(text, cancellationToken) : new(Sign(text.ToArray()));
        }
    }
}
