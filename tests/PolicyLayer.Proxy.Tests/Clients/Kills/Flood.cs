using System.Diagnostics;
using System.Globalization;
using Xunit.Abstractions;

namespace PolicyLayer.Tests.Proxy.Clients.Kills;

/// <summary>Clients that call <c>recording-server.mjs</c> through a proxy, all runs against one store of counters.</summary>
internal abstract class Flood(ITestOutputHelper output) : IAsyncDisposable
{
    private static readonly string[] Parts = ["client", "proxy", "server"];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>How many calls are under way at a time.</summary>
    public abstract int InFlight { get; }

    public int Kills { get; private set; }

    /// <summary>How many calls reached servers.</summary>
    public int Calls => File.Exists(Record) ? (int)new FileInfo(Record).Length : 0;

    protected string Folder { get; } = Directory.CreateTempSubdirectory("policylayer-kill-").FullName;

    /// <summary>Where processes leave files named after them.</summary>
    protected string Processes => Directory.CreateDirectory(Path.Combine(Folder, "processes")).FullName;

    /// <summary>What the server is started with.</summary>
    protected string[] Server => ["node", Path.Combine(NodeScripts.Folder, "recording-server.mjs"), Record, Ceiling, Processes];

    /// <summary>What keeps the proxy's counters beyond its life.</summary>
    protected string[] Counters => ["--counters", "sqlite:" + Path.Combine(Folder, "counters.db")];

    private string Record => Path.Combine(Folder, "calls");

    private string Ceiling => Path.Combine(Folder, "ceiling");

    /// <summary>Whether a client calls.</summary>
    protected abstract bool IsCalling { get; }

    /// <summary>Lets calls run to a number, and kills one of three; what has to go with it is gone then.</summary>
    public async Task KillAsync(int part, int calls, Random random)
    {
        // However late the kill comes, calls are under way then, and not all of them are used up.
        LetAnswer(calls + 4);
        await StartAsync();
        long start = TimeProvider.System.GetTimestamp();
        while (Calls < calls && IsCalling)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Patience, "Calls stand still.");
            await Task.Delay(1);
        }

        int[] living = [.. Living(Parts[part])];
        if (living.Length > 0)
        {
            int one = living[random.Next(living.Length)];
            Kill(one);
            Kills++;

            // One that still dies would be taken for one that calls.
            await GoneAsync(() => IsOurs(one) ? [one] : []);
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"One {Parts[part]} of {living.Length} killed at {Calls}"));
        await GoneAsync(EndingWith(Parts[part]));
    }

    /// <summary>Lets the clients run to the limit and end by themselves, and the proxy with them.</summary>
    public async Task RunOutAsync()
    {
        LetAnswer(int.MaxValue);
        await StartAsync();
        Assert.All(await EndAsync().WaitAsync(Patience), said => Assert.Equal("limit_exceeded\n", said));
        await GoneAsync(Parts);
    }

    public virtual async ValueTask DisposeAsync()
    {
        foreach (int id in Parts.SelectMany(Living))
        {
            Kill(id);
        }

        await GoneAsync(Parts);
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Starts what isn't there.</summary>
    protected abstract Task StartAsync();

    /// <summary>Waits until the clients have ended, and ends what doesn't end with them.</summary>
    /// <returns>What each said.</returns>
    protected abstract Task<IReadOnlyList<string>> EndAsync();

    /// <summary>What ends by itself where one of a part was killed.</summary>
    protected abstract string[] EndingWith(string part);

    /// <summary>Whether one that the test started runs: its end is known a little later than it is there.</summary>
    protected async Task<bool> IsRunningAsync(Process? process)
    {
        if (process is not null && !IsOurs(process.Id))
        {
            await process.WaitForExitAsync();
        }

        return process is { HasExited: false };
    }

    private static string CommandLine(int id)
    {
        try
        {
            return File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/cmdline"));
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static void Kill(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
        }
        catch (ArgumentException)
        {
            // It went away by itself.
        }
    }

    /// <summary>Lets the servers answer until so many calls reached them.</summary>
    private void LetAnswer(int calls)
    {
        File.WriteAllText(Ceiling + ".new", calls.ToString(CultureInfo.InvariantCulture));
        File.Move(Ceiling + ".new", Ceiling, overwrite: true);
    }

    /// <summary>Waits until no process of these parts is there.</summary>
    private Task GoneAsync(string[] parts) => GoneAsync(() => [.. parts.SelectMany(Living)]);

    private static async Task GoneAsync(Func<int[]> find)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (find() is { Length: > 0 } living)
        {
            Assert.True(
                TimeProvider.System.GetElapsedTime(start) < Patience,
                $"Left behind: {string.Join(", ", living.Select(CommandLine))}");
            await Task.Delay(10);
        }
    }

    // A number may be another process's by now: ours have the folder in their line.
    private bool IsOurs(int id) => CommandLine(id).Contains(Folder, StringComparison.Ordinal);

    private IEnumerable<int> Living(string part)
    {
        foreach (string file in Directory.GetFiles(Processes, part + "-*"))
        {
            int id = int.Parse(file[(file.LastIndexOf('-') + 1)..], CultureInfo.InvariantCulture);
            if (IsOurs(id))
            {
                yield return id;
            }
            else
            {
                File.Delete(file);
            }
        }
    }
}
