using System.Diagnostics;
using PolicyLayer.Auditing;
using PolicyLayer.Auditing.JsonLines;
using PolicyLayer.Tests.Cli;

namespace PolicyLayer.Tests.Auditing;

/// <summary>What stands where a file of the log would is never written over, and is told with the way out.</summary>
public sealed class LogStrayFileTests : IDisposable
{
    private const string Largest = "audit.2147483647.jsonl";

    private readonly LogFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_log_that_rotates_is_refused_where_the_last_number_is_taken()
    {
        await _folder.WriteAsync("first");
        string stray = Path.Combine(_folder.Folder, Largest);
        await File.WriteAllTextAsync(stray, "a stray");

        foreach (Action<JsonLinesAuditSinkOptions> rotates in
            (Action<JsonLinesAuditSinkOptions>[])[BySize, options => options.MaxAge = TimeSpan.FromDays(1)])
        {
            AuditLogException refused = Assert.Throws<AuditLogException>(() => _folder.Open(rotates));
            Assert.Contains(Largest, refused.Message, StringComparison.Ordinal);
        }

        await _folder.WriteAsync("second");
        Assert.Equal(2, _folder.Verify().Count);
        Assert.Equal("a stray", await File.ReadAllTextAsync(stray));
    }

    [Fact]
    public async Task No_number_overflows_where_the_last_one_is_taken_later()
    {
        await using (JsonLinesAuditSink sink = _folder.Open(BySize))
        {
            await sink.WriteAsync(Large());
            string stray = Path.Combine(_folder.Folder, Largest);
            await File.WriteAllTextAsync(stray, "a stray");
            AuditLogException refused = await Assert.ThrowsAsync<AuditLogException>(async () => await sink.WriteAsync(Large()));
            Assert.Contains(Largest, refused.Message, StringComparison.Ordinal);
            Assert.Equal(2, Directory.GetFiles(_folder.Folder).Length);

            File.Delete(stray);
            await sink.WriteAsync(Large());
        }

        Assert.Equal([_folder.Rotated(1), _folder.Log], _folder.Files);
        Assert.Equal(2, _folder.Verify().Count);
    }

    [Fact]
    public async Task A_folder_is_passed_by_and_never_taken_for_a_file_of_the_log()
    {
        await using (JsonLinesAuditSink sink = _folder.Open(BySize))
        {
            await sink.WriteAsync(Large());
            Directory.CreateDirectory(_folder.Rotated(1));
            await sink.WriteAsync(Large());
        }

        Assert.Equal([_folder.Rotated(2), _folder.Log], _folder.Files);
        Assert.Equal(2, _folder.Verify().Count);

        Directory.CreateDirectory(_folder.Rotated(3));
        File.Delete(_folder.Log);
        AuditLogException refused = Assert.Throws<AuditLogException>(() => _folder.Open());
        Assert.Contains(_folder.Rotated(3), refused.Message, StringComparison.Ordinal);
        Assert.Contains("is a folder", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_deleted_keeps_no_other_file()
    {
        await using (JsonLinesAuditSink sink = _folder.Open(options =>
        {
            BySize(options);
            options.Keep = 1;
        }))
        {
            Directory.CreateDirectory(_folder.Rotated(1));
            for (int i = 0; i < 4; i++)
            {
                await sink.WriteAsync(Large());
            }
        }

        Assert.Equal([_folder.Rotated(4), _folder.Log], _folder.Files);
        Assert.True(Directory.Exists(_folder.Rotated(1)));
    }

    [UnixFact]
    public async Task A_link_to_nowhere_is_never_written_over()
    {
        await using (JsonLinesAuditSink sink = _folder.Open(BySize))
        {
            await sink.WriteAsync(Large());
            File.CreateSymbolicLink(_folder.Rotated(1), "nowhere");
            Assert.Throws<AuditLogException>(() => new LogFiles(_folder.Log).Rotate(1));
            await sink.WriteAsync(Large());
        }

        Assert.Equal("nowhere", new FileInfo(_folder.Rotated(1)).LinkTarget);
        File.Move(_folder.Rotated(1), _folder.Rotated(3));
        File.Delete(_folder.Log);
        AuditLogException refused = Assert.Throws<AuditLogException>(() => _folder.Open());
        Assert.Contains(_folder.Rotated(3), refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.Log) && new FileInfo(_folder.Log).Length > 0);
    }

    [UnixFact]
    public async Task A_pipe_or_a_device_is_no_log_and_no_part_of_one()
    {
        foreach (string path in (string[])[_folder.Log, _folder.Rotated(1)])
        {
            using (Process made = Process.Start("mkfifo", [path]))
            {
                await made.WaitForExitAsync();
            }

            // Code that waits for the pipe must not keep the tests from ending.
            AuditLogException refused = await Assert.ThrowsAsync<AuditLogException>(
                () => Task.Run(() => _folder.Open().Dispose()).WaitAsync(TimeSpan.FromMinutes(2)));
            Assert.Equal($"`{path}` is a pipe, and a log is a regular file.", refused.Message);
            File.Delete(path);
        }

        Assert.Throws<AuditLogException>(() => _folder.Open(options => options.Path = "/dev/null"));
    }

    private static AuditRecord Large() => LogFolder.Record() with { Message = new('m', 60_000) };

    private static void BySize(JsonLinesAuditSinkOptions options) => options.MaxBytes = JsonLinesAuditSinkOptions.LeastMaxBytes;
}
