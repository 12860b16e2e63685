using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using PolicyLayer.Auditing;

namespace PolicyLayer.Tests.Auditing;

/// <summary>What can't be written is told to whoever waits for it, and leaves the log as it was.</summary>
public sealed class LogFaultTests : IDisposable
{
    private readonly LogFolder _folder = new();
    private readonly FaultyLogFiles _files;

    public LogFaultTests() => _files = new FaultyLogFiles(_folder.Log);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100)]
    public async Task A_full_disk_costs_the_records_that_did_not_fit_and_no_number(int room)
    {
        await using (JsonLinesAuditSink sink = Open())
        {
            await sink.WriteAsync(LogFolder.Record("first"));
            byte[] before = await File.ReadAllBytesAsync(_folder.Log);
            _files.Room = room;
            await FailAsync(sink);
            Assert.Equal(before, await File.ReadAllBytesAsync(_folder.Log));
            await FailAsync(sink);
            _files.Room = long.MaxValue;
            await sink.WriteAsync(LogFolder.Record("last"));
        }

        Assert.Equal(["first", "last"], Tools());
    }

    [Theory]
    [InlineData("removed")]
    [InlineData("replaced")]
    [InlineData("emptied")]
    [InlineData("continued")]
    public async Task Nothing_is_written_to_a_file_that_another_program_has_changed_or_put_another_in_the_place_of(string how)
    {
        await using JsonLinesAuditSink sink = Open();
        await sink.WriteAsync(LogFolder.Record("first"));
        int writes = _files.Writes;
        string own = _folder.Log + ".moved";
        File.Move(_folder.Log, own);
        switch (how)
        {
            case "replaced":
                await File.WriteAllTextAsync(_folder.Log, "{}\n");
                break;
            case "emptied" or "continued":
                File.Move(own, _folder.Log);
                Change(_folder.Log, how == "emptied");
                break;
        }

        await FailAsync(sink);
        await FailAsync(sink);
        Assert.Equal(writes, _files.Writes);
    }

    [Fact]
    public async Task A_file_that_is_put_back_is_written_again()
    {
        await using (JsonLinesAuditSink sink = Open())
        {
            await sink.WriteAsync(LogFolder.Record("first"));
            File.Move(_folder.Log, _folder.Log + ".moved");
            await FailAsync(sink);
            File.Move(_folder.Log + ".moved", _folder.Log);
            await sink.WriteAsync(LogFolder.Record("last"));
        }

        Assert.Equal(["first", "last"], Tools());
    }

    [Fact]
    public async Task While_half_a_line_can_t_be_cut_off_nothing_is_written()
    {
        await using (JsonLinesAuditSink sink = Open())
        {
            await sink.WriteAsync(LogFolder.Record("first"));
            (_files.Room, _files.CanCut) = (50, false);
            await FailAsync(sink);
            _files.Room = long.MaxValue;
            int writes = _files.Writes;
            await FailAsync(sink);
            await FailAsync(sink);
            Assert.Equal(writes, _files.Writes);
            _files.CanCut = true;
            await sink.WriteAsync(LogFolder.Record("last"));
        }

        Assert.Equal(["first", "last"], Tools());
    }

    [Fact]
    public async Task What_can_t_be_cut_off_at_all_is_by_the_next_writer()
    {
        await using (JsonLinesAuditSink sink = Open())
        {
            (_files.Room, _files.CanCut) = (50, false);
            await FailAsync(sink);
        }

        await _folder.WriteAsync("next");
        List<JsonElement> lines = _folder.Verify();
        Assert.Equal(50, lines[0].GetProperty("cut_bytes").GetInt32());
        Assert.Equal("next", lines[1].GetProperty("tool").GetString());
    }

    [Fact]
    public async Task Forced_to_the_disk_with_each_write_or_it_fails()
    {
        await using (JsonLinesAuditSink sink = Open(options => options.DiskSync = AuditDiskSync.EachWrite))
        {
            await sink.WriteAsync(LogFolder.Record("first"));
            Assert.Equal(1, _files.Syncs);
            _files.CanSync = false;
            await FailAsync(sink);
            _files.CanSync = true;
            await sink.WriteAsync(LogFolder.Record("last"));
            Assert.Equal(2, _files.Syncs);
        }

        Assert.Equal(["first", "last"], Tools());
    }

    [Fact]
    public async Task Forced_to_the_disk_an_interval_after_the_first_write_and_on_disposal()
    {
        var clock = new FakeTimeProvider();
        await using (JsonLinesAuditSink sink = OpenByInterval(clock))
        {
            await WriteTwiceAsync(sink);
            clock.Advance(TimeSpan.FromSeconds(0.9));
            await WriteTwiceAsync(sink);
            Assert.Equal(0, _files.Syncs);
            clock.Advance(TimeSpan.FromSeconds(0.1));
            await WriteTwiceAsync(sink);
            Assert.Equal(1, _files.Syncs);
        }

        Assert.Equal(2, _files.Syncs);
    }

    [Fact]
    public async Task While_lines_can_t_be_forced_to_the_disk_nothing_is_written()
    {
        var clock = new FakeTimeProvider();
        await using (JsonLinesAuditSink sink = OpenByInterval(clock))
        {
            await sink.WriteAsync(LogFolder.Record("first"));
            _files.CanSync = false;
            clock.Advance(TimeSpan.FromSeconds(1));
            await FailAsync(sink);
            await FailAsync(sink);
            _files.CanSync = true;
            await sink.WriteAsync(LogFolder.Record("last"));
            Assert.Equal(1, _files.Syncs);
        }

        Assert.Equal(["first", "last"], Tools());
    }

    [Fact]
    public async Task Never_forced_to_the_disk_where_that_is_asked_for()
    {
        await using (JsonLinesAuditSink sink = Open())
        {
            await WriteTwiceAsync(sink);
        }

        Assert.Equal(0, _files.Syncs);
    }

    [Fact]
    public async Task Who_gives_up_disturbs_no_other_and_whoever_waits_is_written_at_once()
    {
        await using (JsonLinesAuditSink sink = Open())
        {
            _files.Gate.Reset();
            Task first = sink.WriteAsync(LogFolder.Record("first")).AsTask();
            _files.Entered.Wait();
            using var cancellation = new CancellationTokenSource();
            Task second = sink.WriteAsync(LogFolder.Record("second")).AsTask();
            Task given = sink.WriteAsync(LogFolder.Record("given up"), cancellation.Token).AsTask();
            Task third = sink.WriteAsync(LogFolder.Record("third")).AsTask();
            Assert.False(first.IsCompleted || second.IsCompleted || third.IsCompleted);

            // Its caller is free though the disk hangs.
            await cancellation.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
            _files.Gate.Set();
            await Task.WhenAll(first, second, third);
            Assert.Equal(2, _files.Writes);
        }

        Assert.Equal(["first", "second", "third"], Tools());
    }

    // As a shell does, which asks for no lock; .NET would.
    private static void Change(string file, bool empties)
    {
        using var shell = System.Diagnostics.Process.Start("sh", ["-c", $"{(empties ? ":" : "echo x")} {(empties ? ">" : ">>")} '{file}'"]);
        shell.WaitForExit();
        Assert.Equal(0, shell.ExitCode);
    }

    private static async Task FailAsync(JsonLinesAuditSink sink) =>
        await Assert.ThrowsAsync<IOException>(async () => await sink.WriteAsync(LogFolder.Record("lost")));

    private static async Task WriteTwiceAsync(JsonLinesAuditSink sink)
    {
        await sink.WriteAsync(LogFolder.Record());
        await sink.WriteAsync(LogFolder.Record());
    }

    private IEnumerable<string?> Tools() => _folder.Verify().Select(line => line.GetProperty("tool").GetString());

    private JsonLinesAuditSink OpenByInterval(TimeProvider clock) => Open(options =>
    {
        options.DiskSync = AuditDiskSync.EachInterval;
        options.TimeProvider = clock;
    });

    private JsonLinesAuditSink Open(Action<JsonLinesAuditSinkOptions>? configure = null)
    {
        var options = new JsonLinesAuditSinkOptions { Path = _folder.Log, DiskSync = AuditDiskSync.Never };
        configure?.Invoke(options);
        return new JsonLinesAuditSink(options, _files);
    }
}
