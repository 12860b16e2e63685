using PolicyLayer.Approvals;

namespace PolicyLayer.Cli.Approvals;

/// <summary>Tells a person why an answer changed nothing.</summary>
internal static class AnswerText
{
    /// <summary>What a name may be.</summary>
    public static string OfName { get; } = $"one line of text without controls, of 1 to {Approver.MaxNameLength} characters";

    /// <summary>What a reason may be.</summary>
    public static string OfReason { get; } = $"one line of text without controls, of at most {ApprovalInbox.MaxReasonLength} characters";

    /// <param name="latest">The call before the line; null for none.</param>
    public static string OfNoRequest(ToolCallDecision? latest) => latest is { } call
        ? $"The latest call ({QuotedText.Of(call.ToolName)}, `{call.Code.ToWireString()}`) doesn't wait for a person."
        : "No call stands before this line.";

    /// <param name="target">What the line names the request by.</param>
    /// <param name="resolution">What became of the answer.</param>
    public static string Of(string target, ApprovalResolution resolution) => resolution == ApprovalResolution.Unknown
        ? $"No request has the id {QuotedText.Of(target)}. Help: `last`, or an `approval_id` from `--json`."
        : Of(resolution);

    /// <param name="id">What a person names a request by.</param>
    public static string OfUnknown(string id) =>
        $"No request has the id {QuotedText.Of(id)}, or none that is remembered. Help: `policylayer approvals list` shows those that wait.";

    /// <param name="resolution">What became of an answer to a request that is known.</param>
    public static string Of(ApprovalResolution resolution) => resolution switch
    {
        ApprovalResolution.Expired => "The request's time has run out.",
        ApprovalResolution.Spent => "The request was approved, and the approval is used up.",
        ApprovalResolution.Refused => "The request is refused already.",
        ApprovalResolution.NotNeeded => "The request is approved already.",
        _ => "The answer covers more than was asked for: it may cover less, not more.",
    };
}
