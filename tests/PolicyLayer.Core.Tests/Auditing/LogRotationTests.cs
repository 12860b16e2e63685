using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using PolicyLayer.Auditing;

namespace PolicyLayer.Tests.Auditing;

/// <summary>A log of several files is one chain.</summary>
public sealed class LogRotationTests : IDisposable
{
    private const int Bytes = 65_536;

    private readonly LogFolder _folder = new();
    private readonly FaultyLogFiles _files;
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.Parse("2026-01-01T00:00:00Z"));

    public LogRotationTests() => _files = new FaultyLogFiles(_folder.Log);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task No_file_is_longer_than_it_may_be_and_none_ends_too_early()
    {
        await using (JsonLinesAuditSink sink = Open(BySize))
        {
            await Task.WhenAll(Enumerable.Range(0, 500).Select(i => sink.WriteAsync(Large(i)).AsTask()));
        }

        Assert.Equal(500, _folder.Verify().Count);
        string[] files = _folder.Files;
        Assert.InRange(files.Length, 8, 20);
        Assert.All(files, file => Assert.InRange(new FileInfo(file).Length, 1, Bytes));
        Assert.All(files[..^1], file => Assert.InRange(new FileInfo(file).Length, Bytes - 2_000, Bytes));
        Assert.Equal([.. Enumerable.Range(1, files.Length - 1).Select(_folder.Rotated), _folder.Log], files);
    }

    [Fact]
    public async Task A_file_is_rotated_by_the_age_of_its_first_record_over_restarts()
    {
        for (int hour = 0; hour < 10; hour++)
        {
            await using JsonLinesAuditSink sink = Open(options => options.MaxAge = TimeSpan.FromHours(3));
            await sink.WriteAsync(LogFolder.Record() with { Time = _clock.GetUtcNow() });
            _clock.Advance(TimeSpan.FromMinutes(30));
            await sink.WriteAsync(LogFolder.Record() with { Time = _clock.GetUtcNow() });
            _clock.Advance(TimeSpan.FromMinutes(30));
        }

        Assert.Equal(20, _folder.Verify().Count);
        Assert.Equal([6, 6, 6, 2], _folder.Files.Select(file => File.ReadLines(file).Count()));
    }

    [Fact]
    public async Task The_latest_rotated_files_are_kept_and_the_chain_goes_on_behind_them()
    {
        await using (JsonLinesAuditSink sink = Open(options =>
        {
            BySize(options);
            options.Keep = 2;
        }))
        {
            for (int i = 0; i < 400; i++)
            {
                _files.CanDelete = i is < 100 or > 250;
                await sink.WriteAsync(Large(i));
            }
        }

        Assert.Equal(3, _folder.Files.Length);
        int first = JsonDocument.Parse(_folder.Lines()[0]).RootElement.GetProperty("sequence").GetInt32();
        Assert.Equal(400, _folder.Verify(first: first)[^1].GetProperty("sequence").GetInt32());
    }

    [Fact]
    public async Task After_a_crash_between_rename_and_creation_the_log_goes_on()
    {
        await _folder.WriteAsync("first", "second");
        File.Move(_folder.Log, _folder.Rotated(999_999));
        await _folder.WriteAsync("third");
        File.Move(_folder.Log, _folder.Rotated(1_000_000));
        await File.WriteAllBytesAsync(_folder.Log, []);
        await _folder.WriteAsync("fourth");

        string[] files = [_folder.Rotated(999_999), _folder.Rotated(1_000_000), _folder.Log];
        Assert.Equal(
            ["first", "second", "third", "fourth"],
            LogFolder.Verify(files.Select(File.ReadAllBytes)).Select(line => line.GetProperty("tool").GetString()));
    }

    [Fact]
    public async Task A_rotated_file_that_is_no_log_or_torn_is_refused()
    {
        await _folder.WriteAsync("first");
        File.Move(_folder.Log, _folder.Rotated(1));
        await File.AppendAllTextAsync(_folder.Rotated(1), "{\"sequ");
        Assert.Throws<AuditLogException>(() => _folder.Open());
        await File.WriteAllTextAsync(_folder.Rotated(1), "");
        Assert.Throws<AuditLogException>(() => _folder.Open());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_rotation_that_fails_costs_the_records_of_that_time_and_no_number(bool atRename)
    {
        int failed = 0;
        await using (JsonLinesAuditSink sink = Open(BySize))
        {
            for (int i = 0; i < 200; i++)
            {
                bool works = i is < 50 or > 150;
                (_files.CanRename, _files.CanCreate) = (works || !atRename, works || atRename);
                try
                {
                    await sink.WriteAsync(Large(i));
                }
                catch (IOException)
                {
                    failed++;
                    Assert.False(works);
                }
            }
        }

        Assert.InRange(failed, 50, 101);
        Assert.Equal(200 - failed, _folder.Verify().Count);
        Assert.InRange(_folder.Files.Length, 2, 5);
    }

    [Fact]
    public async Task A_sink_that_lost_its_log_to_another_writes_no_more()
    {
        await using JsonLinesAuditSink sink = Open(BySize);
        _files.CanCreate = false;
        int written = 0;
        await Assert.ThrowsAsync<IOException>(async () =>
        {
            for (; ; written++)
            {
                await sink.WriteAsync(Large(written));
            }
        });

        await _folder.WriteAsync("the other's");
        _files.CanCreate = true;
        await Assert.ThrowsAsync<IOException>(async () => await sink.WriteAsync(LogFolder.Record("lost")));
        Assert.Equal(written + 1, _folder.Verify().Count);
    }

    private static AuditRecord Large(int number) => LogFolder.Record($"t{number}") with { Message = new('m', 1_500) };

    private static void BySize(JsonLinesAuditSinkOptions options) => options.MaxBytes = Bytes;

    private JsonLinesAuditSink Open(Action<JsonLinesAuditSinkOptions> configure)
    {
        var options = new JsonLinesAuditSinkOptions { Path = _folder.Log, DiskSync = AuditDiskSync.Never, TimeProvider = _clock };
        configure(options);
        return new JsonLinesAuditSink(options, _files);
    }
}
