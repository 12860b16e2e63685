using PolicyLayer.Sqlite;
using Xunit.Abstractions;

namespace PolicyLayer.Tests.Sqlite;

/// <summary>Four processes drive one file to a limit.</summary>
public sealed class ProcessTests(ITestOutputHelper output) : IDisposable
{
    private readonly ProcessRace _race = new("sqlite", output.WriteLine);

    private string Database => Path.Combine(_race.Folder, "counters.db");

    [Fact]
    public async Task Exactly_the_limit_is_admitted()
    {
        int limit = LongTests.Choose(1_000, 100_000);
        await _race.RunAsync(Database, limit);
        using SqliteCounterStore store = Open();
        await _race.RequireAsync(store, limit, lost: 0);
    }

    [Fact]
    public async Task No_more_is_admitted_when_processes_are_killed_and_the_clock_steps_back()
    {
        int limit = LongTests.Choose(800, 100_000);
        using SqliteCounterStore store = Open();
        int charged = await ProcessRace.ChargeEachGrantAsync(store, limit);
        int kills = await _race.RunAndKillAsync(Database, limit, back: 3 * 3_600_000);
        await _race.RequireAsync(store, limit, lost: charged + (kills * ProcessRace.Callers));
    }

    public void Dispose() => _race.Dispose();

    private SqliteCounterStore Open() => new(new SqliteCounterStoreOptions { Path = Database, Deadline = TimeSpan.FromMinutes(1) });
}
