using System.Diagnostics;
using PolicyLayer.Tests.Cli;

namespace PolicyLayer.Tests.Reloading;

/// <summary>However files are edited, what they say is what counts; and what is no document keeps nobody waiting.</summary>
public sealed class PolicyReloaderFileTests : IDisposable
{
    private readonly WatchedFolder _folder = new();

    private string Document => _folder.PathOf("policy.json");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("written")]
    [InlineData("replaced")]
    [InlineData("deleted")]
    [InlineData("copied")]
    public async Task An_edit_is_seen(string how)
    {
        await _folder.StartAsync();
        for (int number = 2; number < 5; number++)
        {
            Edit(how, WatchedFolder.Policy(number));
            Assert.True((await _folder.TakeAsync()).IsApplied);
            Assert.Equal(number, await _folder.InForceAsync());
        }
    }

    [UnixFact]
    public async Task A_swapped_link_to_a_folder_is_seen()
    {
        SwapTo(1);
        File.Delete(Document);
        File.CreateSymbolicLink(Document, Path.Combine("..data", "policy.json"));
        await _folder.StartAsync();
        for (int number = 2; number < 5; number++)
        {
            SwapTo(number);
            Assert.True((await _folder.TakeAsync()).IsApplied);
            Assert.Equal(number, await _folder.InForceAsync());
        }
    }

    [Fact]
    public async Task A_file_that_stays_away_is_rejected_once()
    {
        await _folder.StartAsync();
        File.Delete(Document);
        PolicyReloadAttempt missing = await _folder.TakeAsync();
        await _folder.PollAsync();
        Assert.Single(_folder.Attempts);
        Assert.Equal($"`{Document}` doesn't exist.", missing.Failure);
        Assert.Equal(1, await _folder.InForceAsync());
        _folder.Write("policy.json", WatchedFolder.Policy(2));
        Assert.True((await _folder.TakeAsync()).IsApplied);
    }

    [UnixFact]
    public async Task A_pipe_is_rejected_and_not_waited_for()
    {
        await _folder.StartAsync();
        File.Delete(Document);
        using (Process made = Process.Start("mkfifo", [Document]))
        {
            await made.WaitForExitAsync();
        }

        PolicyReloadAttempt attempt = await _folder.TakeAsync();
        Assert.Contains("is a pipe, and a document is a regular file.", attempt.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_is_rejected()
    {
        await _folder.StartAsync();
        File.Delete(Document);
        Directory.CreateDirectory(Document);
        Assert.Contains("can't be read", (await _folder.TakeAsync()).Failure, StringComparison.Ordinal);
        Assert.Equal(1, await _folder.InForceAsync());
    }

    [Fact]
    public async Task Of_a_huge_file_no_more_is_read_than_a_document_may_have()
    {
        var options = new PolicyLoadOptions { MaxBytes = 4_096 };
        await _folder.StartAsync(new PolicyBundleSource([new PolicySource(DocumentSource.FromFile(Document), options)]));
        using (FileStream file = File.OpenWrite(Document))
        {
            file.SetLength(1L << 30);
        }

        long before = GC.GetTotalAllocatedBytes(precise: true);
        PolicyReloadAttempt attempt = await _folder.TakeAsync();
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 1L << 29);
        Assert.False(attempt.IsApplied);
        Assert.Contains("4096", attempt.Failure!.Replace(",", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    private void Edit(string how, string text)
    {
        string other = _folder.PathOf("other");
        switch (how)
        {
            case "written":
                File.WriteAllText(Document, text);
                break;
            case "replaced":
                File.WriteAllText(other, text);
                File.Move(other, Document, overwrite: true);
                break;
            case "deleted":
                File.Delete(Document);
                File.WriteAllText(Document, text);
                break;
            default:
                DateTime time = File.GetLastWriteTimeUtc(Document);
                File.WriteAllText(other, text);
                File.Copy(other, Document, overwrite: true);
                File.SetLastWriteTimeUtc(Document, time);
                break;
        }
    }

    private void SwapTo(int number)
    {
        string folder = Directory.CreateDirectory(_folder.PathOf($"..{number}")).FullName;
        File.WriteAllText(Path.Combine(folder, "policy.json"), WatchedFolder.Policy(number));
        Links.Swap(_folder.PathOf("..data"), $"..{number}");
    }
}
