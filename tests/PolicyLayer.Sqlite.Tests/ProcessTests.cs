using PolicyLayer.Sqlite;
using Xunit.Abstractions;

namespace PolicyLayer.Tests.Sqlite;

/// <summary>Four processes drive one file to a limit.</summary>
public sealed class ProcessTests(ITestOutputHelper output)
{
    private const int StepBack = 3 * 3_600_000;

    [Theory]
    [InlineData(ProcessRace.Limits)]
    [InlineData(ProcessRace.Amounts)]
    [InlineData(ProcessRace.Orders)]
    public async Task Exactly_the_limit_is_admitted(string kind)
    {
        using var race = new ProcessRace("sqlite", output.WriteLine, kind);
        int limit = LimitOf(kind);
        await race.RunAsync(DatabaseOf(race), limit);
        using SqliteCounterStore store = Open(race);
        await race.RequireAsync(store, limit, lost: 0);
    }

    [Theory]
    [InlineData(ProcessRace.Limits)]
    [InlineData(ProcessRace.Amounts)]
    [InlineData(ProcessRace.Orders)]
    public async Task No_more_is_admitted_when_processes_are_killed_and_the_clock_steps_back(string kind)
    {
        using var race = new ProcessRace("sqlite", output.WriteLine, kind);
        int limit = LimitOf(kind);
        using SqliteCounterStore store = Open(race);
        int charged = await race.ChargeEachAsync(store, limit);
        int kills = await race.RunAndKillAsync(DatabaseOf(race), limit, StepBack);
        await race.RequireAsync(store, limit, lost: charged + (kills * ProcessRace.Callers));
    }

    private static int LimitOf(string kind) =>
        kind == ProcessRace.Orders ? LongTests.Choose(24, 1_000) : LongTests.Choose(800, 100_000);

    private static string DatabaseOf(ProcessRace race) => Path.Combine(race.Folder, "counters.db");

    private static SqliteCounterStore Open(ProcessRace race) =>
        new(new SqliteCounterStoreOptions { Path = DatabaseOf(race), Deadline = TimeSpan.FromMinutes(1) });
}
