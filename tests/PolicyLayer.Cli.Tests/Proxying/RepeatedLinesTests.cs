using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using PolicyLayer.Cli.Proxying;

namespace PolicyLayer.Tests.Cli.Proxying;

/// <summary>Nobody floods whoever reads what the proxy says, and nobody who doesn't read holds it up.</summary>
public sealed class RepeatedLinesTests
{
    [Fact]
    public async Task The_first_of_a_kind_are_written_then_a_count_at_the_end_of_the_minute()
    {
        var time = new FakeTimeProvider();
        await using var output = new StringWriter { NewLine = "\n" };
        await using (var report = new ProxyReport(isJson: false, output, time))
        {
            for (int i = 0; i < 100_000; i++)
            {
                report.Log(LogLevel.Warning, "bad line");
            }

            report.Log(LogLevel.Error, "another");
            time.Advance(RepeatedLines.Window);
            report.Log(LogLevel.Warning, "bad line");
        }

        string[] expected =
        [
            .. Enumerable.Repeat("warning: bad line", RepeatedLines.MaxOfKind), "error: another",
            "warning: 99980 more like it: bad line", "warning: bad line",
        ];
        Assert.Equal(expected, output.ToString().TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task What_is_withheld_at_the_end_is_counted()
    {
        await using var output = new StringWriter { NewLine = "\n" };
        await using (var report = new ProxyReport(isJson: true, output, new FakeTimeProvider()))
        {
            for (int i = 0; i < RepeatedLines.MaxOfKind + 2; i++)
            {
                report.Log(LogLevel.Warning, "bad\nline \u202E");
            }
        }

        string[] lines = output.ToString().TrimEnd('\n').Split('\n');
        Assert.Equal(RepeatedLines.MaxOfKind + 1, lines.Length);
        Assert.Equal("""{"event":"log","level":"warning","message":"bad line  "}""", lines[0]);
        Assert.Equal("""{"event":"log","level":"warning","message":"2 more like it: bad line  "}""", lines[^1]);
    }

    [Fact]
    public void Kinds_that_are_made_up_share_a_count()
    {
        var counts = new List<(string Kind, long Count)>();
        int written;
        using (var lines = new RepeatedLines((kind, count) => counts.Add((kind, count)), new FakeTimeProvider()))
        {
            written = Enumerable.Range(0, 10_000).Count(i => lines.Take($"kind {i}"));
        }

        (_, long withheld) = Assert.Single(counts);
        Assert.InRange(written, RepeatedLines.MaxOfKind, 100);
        Assert.Equal(10_000, written + withheld);
    }

    /// <summary>A client that starts the proxy may never read its standard error.</summary>
    [Fact]
    public async Task A_reader_that_reads_nothing_holds_up_nobody()
    {
        using var stuck = new StuckWriter();
        var time = new FakeTimeProvider();
        var report = new ProxyReport(isJson: false, stuck, time);
        for (int i = 0; i < 10_000; i++)
        {
            report.Write("event", $"line {i}", _ => { });
        }

        Task end = report.DisposeAsync().AsTask();
        time.Advance(TimeSpan.FromSeconds(2));
        await end;
        stuck.Release();
        Assert.Equal("line 0", await stuck.FirstAsync());
    }

    [Fact]
    public async Task A_reader_that_went_away_ends_nothing()
    {
        using var closed = new StringWriter();
        await closed.DisposeAsync();
        var report = new ProxyReport(isJson: false, closed, new FakeTimeProvider());
        report.Write("event", "line", _ => { });
        Exception? thrown = await Record.ExceptionAsync(() => report.DisposeAsync().AsTask());
        Assert.Null(thrown);
    }

    private sealed class StuckWriter : StringWriter
    {
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource<string?> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Release() => _released.TrySetResult();

        public Task<string?> FirstAsync() => _first.Task;

        public override async Task WriteLineAsync(string? value)
        {
            await _released.Task;
            _first.TrySetResult(value);
        }
    }
}
