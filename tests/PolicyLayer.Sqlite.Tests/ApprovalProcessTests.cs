using PolicyLayer.Approvals;
using PolicyLayer.Sqlite;
using Xunit.Abstractions;

namespace PolicyLayer.Tests.Sqlite;

/// <summary>Four processes race for the approvals in one file.</summary>
public sealed class ApprovalProcessTests(ITestOutputHelper output)
{
    [Fact]
    public async Task One_request_is_made_for_each_call()
    {
        int calls = ApprovalRace.LimitOf(ProcessRace.Requests);
        using var race = new ProcessRace("sqlite", output.WriteLine, ProcessRace.Requests);
        await race.RunAsync(DatabaseOf(race), calls);
        using SqliteApprovalStore store = Open(race);
        await ApprovalRace.RequireRequestsAsync(race, store, calls, lost: 0);
    }

    [Fact]
    public async Task One_request_is_made_for_each_call_when_processes_are_killed_and_clocks_differ()
    {
        int calls = ApprovalRace.LimitOf(ProcessRace.Requests);
        using var race = new ProcessRace("sqlite", output.WriteLine, ProcessRace.Requests);
        int kills = await race.RunAndKillAsync(DatabaseOf(race), calls, ApprovalRace.Differing);
        using SqliteApprovalStore store = Open(race);
        await ApprovalRace.RequireRequestsAsync(race, store, calls, lost: kills * ProcessRace.Callers);
    }

    [Fact]
    public async Task Exactly_what_was_approved_is_spent()
    {
        int uses = ApprovalRace.LimitOf(ProcessRace.Uses);
        using var race = new ProcessRace("sqlite", output.WriteLine, ProcessRace.Uses);
        using SqliteApprovalStore store = Open(race);
        await ApprovalRace.ApproveAsync(store, uses);
        await race.RunAsync(DatabaseOf(race), uses);
        await ApprovalRace.RequireSpentAsync(race, store, uses, lost: 0);
    }

    [Fact]
    public async Task No_more_is_spent_when_processes_are_killed_and_clocks_differ()
    {
        int uses = ApprovalRace.LimitOf(ProcessRace.Uses);
        using var race = new ProcessRace("sqlite", output.WriteLine, ProcessRace.Uses);
        using SqliteApprovalStore store = Open(race);
        await ApprovalRace.ApproveAsync(store, uses);
        int kills = await race.RunAndKillAsync(DatabaseOf(race), uses, ApprovalRace.Differing);
        await ApprovalRace.RequireSpentAsync(race, store, uses, lost: kills * ProcessRace.Callers);
    }

    [Fact]
    public async Task A_clock_that_steps_back_ends_approvals_and_opens_none()
    {
        int uses = ApprovalRace.LimitOf(ProcessRace.Uses);
        using var race = new ProcessRace("sqlite", output.WriteLine, ProcessRace.Uses);
        using SqliteApprovalStore store = Open(race);
        await ApprovalRace.ApproveAsync(store, uses);
        await race.RunAsync(DatabaseOf(race), uses, ApprovalRace.SteppingTooFar);
        await ApprovalRace.RequireNoMoreAsync(race, store, uses);
    }

    private static string DatabaseOf(ProcessRace race) => Path.Combine(race.Folder, "approvals.db");

    private static SqliteApprovalStore Open(ProcessRace race) => new(new SqliteApprovalStoreOptions
    {
        Path = DatabaseOf(race),
        Deadline = TimeSpan.FromMinutes(1),
        Protector = ApprovalProtector.Plain,
    });
}
