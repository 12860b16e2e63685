using System.Globalization;
using PolicyLayer.Approvals;

namespace PolicyLayer.Tests;

/// <summary>What the callers of a race ask of approvals, and what the test asks that looks afterwards.</summary>
internal static class ApprovalCalls
{
    /// <summary>The most that one approval covers.</summary>
    public const int UsesEach = 100;

    private static readonly TimeSpan Long = TimeSpan.FromDays(1);

    /// <summary>The id of the one that the test requested for a round.</summary>
    public static string IdOf(long round) => round.ToString("x32", CultureInfo.InvariantCulture);

    public static ApprovalUse Use(long round, DateTimeOffset time) => new(time, IdOf(round), BindingOf(round), BindingOf(round));

    public static ApprovalRequest Request(long round, string newId, DateTimeOffset time) => new()
    {
        Time = time,
        NewId = newId,
        Binding = BindingOf(round),
        ExactBinding = BindingOf(round),
        GrantId = "race",
        MayRequest = true,
        MaxPending = int.MaxValue,
        PendingFor = Long,
        Terms = new ApprovalTerms(UsesEach, Long),
        Content = "{}"u8.ToArray(),
    };

    private static string BindingOf(long round) => round.ToString("x64", CultureInfo.InvariantCulture);
}
