using PolicyLayer.Cli;
using PolicyLayer.Tests.Cli.Approvals;
using PolicyLayer.Tests.Cli.Audit;

namespace PolicyLayer.Tests.Cli;

/// <summary>
/// What runs until Ctrl-C ends it hands its task over before it does anything: only then does System.CommandLine take a Ctrl-C for one that
/// is heeded, with exit code 0.
/// </summary>
public sealed class CtrlCTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_watch_hands_its_task_over_first(bool isInteractive)
    {
        using var desk = new ApprovalDesk();
        await desk.AskAsync("deploy");
        await HandsOverAsync(desk.Setup with { IsInteractive = isInteractive, Width = 120 }, ["approvals", "watch", .. desk.Options]);
    }

    [Fact]
    public async Task A_tail_hands_its_task_over_first()
    {
        using var folder = new LogFolder();
        string file = folder.Write(PolicyLayer.Tests.Auditing.Verification.MadeLog.Lines(1));
        await HandsOverAsync(new Command.Setup(), ["audit", "tail", file, "--follow"]);
    }

    private static async Task HandsOverAsync(Command.Setup setup, string[] args)
    {
        using var cancellation = new CancellationTokenSource();
        await using var output = new HeldOutput();
        await using var error = new StringWriter();
        Task<int> run = PolicyLayerCommand.RunAsync(args, setup.ToEnvironment(output, error), cancellation.Token);
        output.Release();
        Assert.True(await output.WasReleasedFirstAsync());
        await cancellation.CancelAsync();
        Assert.Equal(0, await run);
    }

    /// <summary>Holds back the first text until it is released, or for too long.</summary>
    private sealed class HeldOutput : MemoryStream
    {
        private readonly ManualResetEventSlim _released = new();
        private readonly TaskCompletionSource<bool> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Release() => _released.Set();

        public Task<bool> WasReleasedFirstAsync() => _first.Task;

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer) => _first.TrySetResult(_released.Wait(TimeSpan.FromSeconds(5)));

        protected override void Dispose(bool disposing)
        {
            _released.Dispose();
            base.Dispose(disposing);
        }
    }
}
