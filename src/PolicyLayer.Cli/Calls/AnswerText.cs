using PolicyLayer.Approvals;

namespace PolicyLayer.Cli.Calls;

/// <summary>Tells a person why an answer changed nothing.</summary>
internal static class AnswerText
{
    /// <param name="latest">The call before the line; null for none.</param>
    public static string OfNoRequest(ToolCallDecision? latest) => latest is { } call
        ? $"The latest call ({QuotedText.Of(call.ToolName)}, `{call.Code.ToWireString()}`) doesn't wait for a person."
        : "No call stands before this line.";

    /// <param name="target">What the line names the request by.</param>
    /// <param name="resolution">What became of the answer.</param>
    public static string Of(string target, ApprovalResolution resolution) => resolution switch
    {
        ApprovalResolution.Unknown =>
            $"No request has the id {QuotedText.Of(target)}. Help: `last`, or an `approval_id` from `--json`.",
        ApprovalResolution.Expired => "The request's time has run out.",
        ApprovalResolution.Spent => "The request was approved, and the approval is used up.",
        ApprovalResolution.Refused => "The request is refused already.",
        ApprovalResolution.NotNeeded => "The request is approved already.",
        _ => "The request can't be answered so.",
    };
}
