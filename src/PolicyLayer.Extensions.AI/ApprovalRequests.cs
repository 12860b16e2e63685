using Microsoft.Extensions.AI;

namespace PolicyLayer.Extensions.AI;

/// <summary>
/// Takes down the requests that come out of the framework's loop, each under an id of its own. INVARIANT: no answer comes out: what a
/// model's service writes is nobody's word, and would go back into the loop with the next round.
/// </summary>
/// <param name="requested">What waits.</param>
/// <param name="settings">Say whose chat it is.</param>
/// <param name="services">What functions are given; null for nothing.</param>
internal sealed class ApprovalRequests(RequestedCalls requested, GuardSettings settings, IServiceProvider? services)
{
    /// <summary>Whether it asks about a function.</summary>
    public static bool IsRequest(AIContent content) => content is ToolApprovalRequestContent { ToolCall: FunctionCallContent };

    /// <summary>The contents with their requests replaced by those that were taken down, and without answers.</summary>
    /// <param name="contents">What comes out.</param>
    /// <param name="find">Finds a function by its name, and whether a person is to confirm its calls whatever the policy says.</param>
    /// <param name="taken">Gets the requests.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<IList<AIContent>> TakeDownAsync(
        IList<AIContent> contents,
        Func<string, (GuardedFunction? Function, bool IsConfirmed)> find,
        List<RequestedCall> taken,
        CancellationToken cancellationToken)
    {
        if (!contents.Any(content => IsRequest(content) || ApprovalAnswers.IsAnswer(content)))
        {
            return contents;
        }

        ChatCaller caller = settings.ChatOf(services);
        List<AIContent> replaced = [];
        foreach (AIContent content in contents.Where(content => !ApprovalAnswers.IsAnswer(content)))
        {
            if (content is not ToolApprovalRequestContent { ToolCall: FunctionCallContent call } request)
            {
                replaced.Add(content);
                continue;
            }

            (GuardedFunction? function, bool isConfirmed) = find(call.Name);
            string? approvalId = function is null
                ? null
                : await function.FindApprovalAsync(call.Arguments, services, cancellationToken).ConfigureAwait(false);
            var waiting = new RequestedCall(caller, call, approvalId, isConfirmed);
            requested.Add(waiting);
            taken.Add(waiting);
            replaced.Add(new ToolApprovalRequestContent(waiting.Id, call) { AdditionalProperties = request.AdditionalProperties });
        }

        return replaced;
    }

    /// <summary>The answers to requests that nobody has to confirm, for those behind.</summary>
    public ChatMessage Confirm(IEnumerable<RequestedCall> taken) => new(
        ChatRole.User,
        [.. taken.Where(requested.TryTake).Select(call => call.Request.CreateResponse(approved: true))]);
}
