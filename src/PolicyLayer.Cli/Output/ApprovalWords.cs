using System.Globalization;
using PolicyLayer.Approvals;

namespace PolicyLayer.Cli.Output;

/// <summary>What people read of approvals beside their values.</summary>
internal static class ApprovalWords
{
    public static string MomentOf(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>Whether there is something to see: what has ended has nothing, and what other keys encrypted can't be read.</summary>
    public static bool CanBeShown(ApprovalView request) => request is { ToolName: not null, Arguments: not null };

    /// <summary>Whether it waits or is in force, and would have something to see.</summary>
    public static bool IsOpen(ApprovalView request) => request.Status is ApprovalStatus.Pending or ApprovalStatus.Approved;

    /// <summary>Where it stands, by whose answer and until when.</summary>
    public static string StatusOf(ApprovalView request, DateTimeOffset now)
    {
        string answered = request is { AnsweredBy: { } by, Answered: { } time }
            ? $" by {VisibleText.Of(by)} at {MomentOf(time)} UTC"
            : "";
        return request.Status switch
        {
            ApprovalStatus.Pending => $"pending, {UntilOf(request, now)}",
            ApprovalStatus.Approved => $"approved{answered}, {UntilOf(request, now)}",
            ApprovalStatus.Refused when request.Until == request.Answered => $"refused{answered}, with another request of the same call",
            ApprovalStatus.Refused => $"refused{answered}; the same call is denied {UntilOf(request, now)}",
            ApprovalStatus.Spent => $"used up, approved{answered}",
            _ => $"expired at {MomentOf(request.Until)} UTC{(answered.Length == 0 ? "" : $", approved{answered}")}",
        };
    }

    /// <summary>What it covers, whoever approves not narrowing it; once approved, what is covered.</summary>
    public static string CoverOf(ApprovalView request)
    {
        string left = request.Status == ApprovalStatus.Approved
            ? string.Create(CultureInfo.InvariantCulture, $", {request.UsesLeft} left")
            : "";
        string time = request.Status == ApprovalStatus.Pending ? TimeOf(request.Terms.ValidFor) : "";
        return $"{CallsOf(request.Terms.Uses)}{left}, {ArgumentsOf(request.IsExact ? [] : request.Same)}{time}";
    }

    /// <summary>What one would cover, whoever approves not narrowing it.</summary>
    public static string CoverOf(ExplainedApproval approval) =>
        $"{CallsOf(approval.Uses)}, {ArgumentsOf(approval.Same)}{TimeOf(approval.ValidFor)}";

    /// <summary>What a counter stood at when the call was asked about, and would after it.</summary>
    public static string StandingOf(ApprovalCounter counter) => string.Create(
        CultureInfo.InvariantCulture,
        $"{VisibleText.OfQuotedName(counter.Name)}  {counter.Used} of {counter.Max} used, {counter.Used + counter.Amount} after this call");

    private static string CallsOf(int uses) => uses == 1 ? "1 call" : string.Create(CultureInfo.InvariantCulture, $"{uses} calls");

    private static string ArgumentsOf(IReadOnlyList<string> same) => same.Count == 0
        ? "of exactly these arguments"
        : $"of any arguments that have the same {string.Join(" and ", same.Select(VisibleText.OfName))}";

    private static string TimeOf(TimeSpan validFor) => $", within {DurationText.Of(validFor)} of the answer";

    private static string UntilOf(ApprovalView request, DateTimeOffset now)
    {
        TimeSpan left = request.Until - now;
        string rest = left > TimeSpan.Zero ? $" ({DurationText.Of(left)})" : "";
        return $"until {MomentOf(request.Until)} UTC{rest}";
    }
}
