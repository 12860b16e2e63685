using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using PolicyLayer.Approvals;

namespace PolicyLayer.Extensions.AI;

/// <summary>
/// Looks at all answers to requests that come with messages, before those behind run what they approve. INVARIANT: nothing that is approved
/// goes on but a call that this process asked about, as it was then, once.
/// </summary>
/// <param name="requested">What waits.</param>
/// <param name="approvals">Who approves; null where the host doesn't let anybody.</param>
/// <param name="chat">Says whose chat it is that answers.</param>
/// <param name="logger">Is told of answers that aren't taken.</param>
internal sealed class ApprovalAnswers(RequestedCalls requested, ChatApprovals? approvals, Func<ChatCaller> chat, ILogger logger)
{
    private const string NobodyNamed = "nobody is named who approves.";
    private const string Late = "another answer was faster.";
    private const string Refusal = "[POLICY DENIED] The answer wasn't taken.";

    /// <summary>The messages with each answer replaced by what becomes of it.</summary>
    public async ValueTask<IReadOnlyList<ChatMessage>> SettleAsync(
        IEnumerable<ChatMessage> messages, CancellationToken cancellationToken)
    {
        List<ChatMessage> settled = [.. messages];
        var answered = new Dictionary<string, RequestedCall?>(StringComparer.Ordinal);
        for (int i = 0; i < settled.Count; i++)
        {
            if (settled[i].Contents.Any(IsAnswer))
            {
                settled[i] = await SettleAsync(settled[i], answered, cancellationToken).ConfigureAwait(false);
            }
        }

        return [.. settled.Select(message => WithRequests(message, answered))];
    }

    /// <summary>Whether it answers a request about a function.</summary>
    public static bool IsAnswer(AIContent content) => content is ToolApprovalResponseContent { ToolCall: FunctionCallContent };

    /// <summary>A message whose requests are those that were made, where they are answered in these messages.</summary>
    private static ChatMessage WithRequests(ChatMessage message, Dictionary<string, RequestedCall?> answered)
    {
        if (!message.Contents.Any(content => Find(content) is not null))
        {
            return message;
        }

        ChatMessage copy = message.Clone();
        copy.Contents = [.. message.Contents.Select(content => Find(content)?.Request ?? content)];
        return copy;

        RequestedCall? Find(AIContent content) =>
            content is ToolApprovalRequestContent request ? answered.GetValueOrDefault(request.RequestId) : null;
    }

    private async ValueTask<ChatMessage> SettleAsync(
        ChatMessage message, Dictionary<string, RequestedCall?> answered, CancellationToken cancellationToken)
    {
        List<AIContent> contents = [];
        foreach (AIContent content in message.Contents)
        {
            if (!IsAnswer(content))
            {
                contents.Add(content);
                continue;
            }

            // Of several answers to one request the first counts.
            var answer = (ToolApprovalResponseContent)content;
            if (answered.TryAdd(answer.RequestId, null))
            {
                contents.Add(await SettleAsync(answer, answered, cancellationToken).ConfigureAwait(false));
            }
        }

        ChatMessage copy = message.Clone();
        copy.Contents = contents;
        return copy;
    }

    private async ValueTask<ToolApprovalResponseContent> SettleAsync(
        ToolApprovalResponseContent answer, Dictionary<string, RequestedCall?> answered, CancellationToken cancellationToken)
    {
        requested.TryFind(answer.RequestId, out RequestedCall? call);
        if (!answer.Approved)
        {
            await RefuseAsync(call, answer, cancellationToken).ConfigureAwait(false);
            return answer;
        }

        if (await FindFaultAsync(call, answer, cancellationToken).ConfigureAwait(false) is { } fault)
        {
            ToolLog.AnswerRefused(logger, fault);
            return new ToolApprovalResponseContent(answer.RequestId, approved: false, answer.ToolCall) { Reason = Refusal };
        }

        answered[answer.RequestId] = call;
        return call!.Request.CreateResponse(approved: true, answer.Reason);
    }

    /// <summary>Takes the call and approves it; says why not, or null.</summary>
    private async ValueTask<string?> FindFaultAsync(
        RequestedCall? call, ToolApprovalResponseContent answer, CancellationToken cancellationToken)
    {
        if (call is null)
        {
            return "this process has no request with its id that waits.";
        }

        if (call.Caller != chat())
        {
            return "its request is another grant's or session's.";
        }

        if (!call.Is(answer.ToolCall))
        {
            return "it is about another call than the request.";
        }

        if (approvals is null)
        {
            return FindFaultAlone(call);
        }

        Approver? by = await approvals.Approver(call.Request, cancellationToken).ConfigureAwait(false);
        if (by is null)
        {
            return NobodyNamed;
        }

        if (by.GrantId is not null)
        {
            // As the inbox says, which isn't asked about what the host alone wants confirmed.
            return $"the inbox says {ApprovalResolution.NotAllowed}.";
        }

        if (!requested.TryTake(call))
        {
            return Late;
        }

        if (call.ApprovalId is null)
        {
            return null;
        }

        ApprovalResolution resolution = await approvals.Inbox.ApproveAsync(
            call.ApprovalId, by, WellFormed(answer.Reason), uses: 1, isExact: true, cancellationToken: cancellationToken)
            .ConfigureAwait(false);
        return resolution is ApprovalResolution.Done or ApprovalResolution.NotNeeded ? null : $"the inbox says {resolution}.";
    }

    /// <summary>Without a way for answers anybody confirms what only the host asks about, and nobody what the policy does.</summary>
    private string? FindFaultAlone(RequestedCall call)
    {
        if (call.ApprovalId is not null)
        {
            return NobodyNamed;
        }

        return requested.TryTake(call) ? null : Late;
    }

    /// <summary>A refusal runs nothing, whoever it comes from; it is one for the inbox where somebody is named.</summary>
    private async ValueTask RefuseAsync(RequestedCall? call, ToolApprovalResponseContent answer, CancellationToken cancellationToken)
    {
        if (call is null || call.Caller != chat() || !requested.TryTake(call) || call.ApprovalId is null || approvals is null)
        {
            return;
        }

        if (await approvals.Approver(call.Request, cancellationToken).ConfigureAwait(false) is { } by)
        {
            await approvals.Inbox.RefuseAsync(call.ApprovalId, by, WellFormed(answer.Reason), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The reason, where the inbox takes it: it is the words of whoever sent the message.</summary>
    private static string? WellFormed(string? reason) =>
        reason is { Length: > 0 and <= ApprovalInbox.MaxReasonLength }
            && !reason.Any(each => char.IsControl(each) || char.IsSurrogate(each))
            ? reason
            : null;
}
