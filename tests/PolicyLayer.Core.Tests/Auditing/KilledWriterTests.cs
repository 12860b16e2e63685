using System.Diagnostics;
using System.Globalization;

namespace PolicyLayer.Tests.Auditing;

/// <summary>A writer that is killed at any moment leaves a log that verifies but for its torn end and has every record taken.</summary>
public sealed class KilledWriterTests
{
    private const int Writers = 8;
    private const int RoundsALog = 5;
    private const long MaxBytes = 2 * 65_536;

    [Fact]
    public async Task A_log_of_killed_writers_verifies_and_has_what_was_taken()
    {
        int records = LongTests.Choose(usual: 2_000, whenLong: 5_000);
        int logs = LongTests.Choose(usual: 1, whenLong: 40);
        var random = new Random(4_711);
        for (int log = 0; log < logs; log++)
        {
            using var folder = new LogFolder();
            for (int round = 0; round < RoundsALog; round++)
            {
                await KillAsync(folder, round, random.Next(1, 2 * records));
                RequireWhole(folder);
            }

            await folder.WriteAsync("last");
            Assert.Equal("last", folder.Verify()[^1].GetProperty("tool").GetString());
        }
    }

    private static async Task KillAsync(LogFolder folder, int round, int records)
    {
        string taken = Path.Combine(folder.Folder, $"taken-{round}");
        object[] arguments = [folder.Log, MaxBytes, Writers, taken, $"r{round}"];
        using var worker = Process.Start(new ProcessStartInfo(
            Path.Combine(AppContext.BaseDirectory, "PolicyLayer.Audit.Worker"),
            arguments.Select(a => Convert.ToString(a, CultureInfo.InvariantCulture)!)))!;
        try
        {
            while (!File.Exists(taken) || new FileInfo(taken).Length < 8L * records)
            {
                Assert.False(worker.HasExited);
                await Task.Delay(1);
            }
        }
        finally
        {
            worker.Kill();
            await worker.WaitForExitAsync();
        }
    }

    private static void RequireWhole(LogFolder folder)
    {
        byte[][] files = [.. folder.Files.Select(File.ReadAllBytes)];
        files[^1] = files[^1][..(Array.LastIndexOf(files[^1], (byte)'\n') + 1)];
        HashSet<string> written = [.. LogFolder.Verify(files)
            .Where(line => line.GetProperty("kind").GetString() != "recovery")
            .Select(line => line.GetProperty("tool").GetString()!)];
        foreach (string file in Directory.GetFiles(folder.Folder, "taken-*"))
        {
            string text = File.ReadAllText(file);
            string[] names = text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.DoesNotContain(names, name => !written.Contains(name));
        }
    }
}
