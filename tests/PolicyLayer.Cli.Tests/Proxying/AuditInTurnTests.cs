using Microsoft.Extensions.Time.Testing;
using PolicyLayer.Auditing;
using PolicyLayer.Cli;
using PolicyLayer.Cli.Audit;
using PolicyLayer.Tests.Cli.Audit;

namespace PolicyLayer.Tests.Cli.Proxying;

/// <summary>A client that looks what a server is may start it twice for a moment: the second waits for the log.</summary>
public sealed class AuditInTurnTests : IDisposable
{
    private readonly LogFolder _folder = new();

    private readonly FakeTimeProvider _time = new();

    private AuditPlace Place => new() { File = _folder.Log };

    [Fact]
    public async Task A_log_that_another_has_is_waited_for()
    {
        var other = AuditFile.Open(Place, keys: null, signer: null);
        Task<JsonLinesAuditSink> opening = AuditFile.OpenInTurnAsync(Place, null, null, _time, CancellationToken.None);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.False(opening.IsCompleted);

        await other.DisposeAsync();
        await AdvanceUntilOverAsync(opening);

        await using JsonLinesAuditSink sink = await opening;
        Assert.NotNull(sink);
    }

    [Fact]
    public async Task It_is_not_waited_for_without_end()
    {
        await using var other = AuditFile.Open(Place, keys: null, signer: null);
        Task<JsonLinesAuditSink> opening = AuditFile.OpenInTurnAsync(Place, null, null, _time, CancellationToken.None);

        await AdvanceUntilOverAsync(opening);

        var e = await Assert.ThrowsAsync<CommandException>(() => opening);
        Assert.Contains("audit.jsonl` can't be opened", e.Message, StringComparison.Ordinal);
        Assert.True(_time.GetUtcNow() - _time.Start >= TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task What_time_does_not_mend_is_not_waited_for()
    {
        await File.WriteAllTextAsync(_folder.Log, "no log\n");
        var e = await Assert.ThrowsAsync<CommandException>(
            () => AuditFile.OpenInTurnAsync(Place, null, null, _time, CancellationToken.None));
        Assert.Contains("is no line of a log", e.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private async Task AdvanceUntilOverAsync(Task task)
    {
        while (!task.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }
    }
}
