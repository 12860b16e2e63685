using Microsoft.Extensions.AI;
using PolicyLayer.Approvals;

namespace PolicyLayer.Extensions.AI;

/// <summary>
/// Lets people approve calls where they chat: a call that waits for approval comes out of the chat client as
/// <see cref="ToolApprovalRequestContent"/>, and the answer comes in as <see cref="ToolApprovalResponseContent"/>. Safe for any number of
/// threads; chat clients may share one, and share what waits then.
/// </summary>
/// <remarks>
/// An answer comes with the messages, which whoever calls the chat client may have written. So it counts only for a request of this
/// process that nobody has answered, in a chat of the same grant and session, about the very call that was asked about, and only where
/// the host says who answers. All else is
/// refused, and the model told so. That goes for functions that the host itself wants confirmed
/// (<see cref="ApprovalRequiredAIFunction"/>) as well. An approval covers that one call, once, whatever more the policy's
/// <c>approval</c> would offer: a request in the chat doesn't show that. The call is judged anew before it runs. What waits is forgotten
/// when the process ends.
/// </remarks>
public sealed class ChatApprovals
{
    /// <summary>
    /// How many requests wait at once: 4,096. Of more, the oldest is forgotten of the grant and session that has most, and its answer is
    /// refused.
    /// </summary>
    public const int MaxWaiting = 4_096;

    /// <summary>Makes a way for answers.</summary>
    /// <param name="inbox">Where answers go: that of the authorizer, or one on its store.</param>
    /// <param name="approver">
    /// Says who answers a request, as the host knows them: the authenticated user of the running request, never what a message says. It is
    /// given the request as this process made it, and returns null for nobody who may answer it: then the answer is refused.
    /// </param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public ChatApprovals(ApprovalInbox inbox, Func<ToolApprovalRequestContent, CancellationToken, ValueTask<Approver?>> approver)
    {
        ArgumentNullException.ThrowIfNull(inbox);
        ArgumentNullException.ThrowIfNull(approver);
        Inbox = inbox;
        Approver = approver;
    }

    internal ApprovalInbox Inbox { get; }

    internal Func<ToolApprovalRequestContent, CancellationToken, ValueTask<Approver?>> Approver { get; }

    internal RequestedCalls Requested { get; } = new(MaxWaiting);
}
