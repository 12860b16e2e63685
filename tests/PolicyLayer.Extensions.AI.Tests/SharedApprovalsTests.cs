using Microsoft.Extensions.AI;
using PolicyLayer.Approvals;
using PolicyLayer.Extensions.AI;
using static PolicyLayer.Tests.AI.ScriptedChatClient;

namespace PolicyLayer.Tests.AI;

/// <summary>Chats that share a way for answers: none uses what another one asked for, or pushes it out.</summary>
public sealed class SharedApprovalsTests : IDisposable
{
    private const string Tools = """{ "pay": { "action": "require_approval" }, "read": {} }""";

    private readonly LogList _log = new();
    private readonly ToolCallAuthorizer _authorizer = Authorizers.Of(Tools, new Auditing.InMemoryAuditSink());
    private readonly CountedFunction _pay = new("pay");
    private readonly CountedFunction _read = new("read");
    private readonly ChatApprovals _approvals;

    public SharedApprovalsTests() => _approvals = new ChatApprovals(
        _authorizer.Approvals, (_, _) => new ValueTask<Approver?>(new Approver("alice")));

    public void Dispose() => _log.Dispose();

    [Theory]
    [InlineData("pay", "bob", "s1", true)]
    [InlineData("pay", "ann", "s2", true)]
    [InlineData("pay", "ann", null, true)]
    [InlineData("read", "bob", "s1", true)]
    [InlineData("read", "ann", "s2", true)]
    [InlineData("pay", "bob", "s1", false)]
    [InlineData("read", "ann", "s2", false)]
    public async Task An_answer_in_another_chat_counts_for_nothing_and_the_request_still_waits(
        string function, string otherGrant, string? otherSession, bool approves)
    {
        IChatClient ann = Chat("ann", "s1", Asks((function, "{}")), Says("done"));
        IChatClient other = Chat(otherGrant, otherSession, Says("no"));
        List<ChatMessage> messages = [new(ChatRole.User, "go")];
        messages.AddRange((await ann.GetResponseAsync(messages, Options)).Messages);
        ToolApprovalRequestContent request =
            messages.SelectMany(message => message.Contents).OfType<ToolApprovalRequestContent>().Single();
        int pending = (await _authorizer.Approvals.ListPendingAsync()).Count;

        await other.GetResponseAsync([.. messages, new ChatMessage(ChatRole.User, [request.CreateResponse(approves)])], Options);
        Assert.Equal((0, 0), (_pay.Runs, _read.Runs));
        Assert.Equal(pending, (await _authorizer.Approvals.ListPendingAsync()).Count);
        Assert.Equal(
            approves ? ["An answer that approves a call wasn't taken: its request is another grant's or session's."] : [], _log.Lines);

        await ann.GetResponseAsync([.. messages, new ChatMessage(ChatRole.User, [request.CreateResponse(true)])], Options);
        Assert.Equal(1, _pay.Runs + _read.Runs);
    }

    [Fact]
    public void Who_asks_for_much_pushes_out_its_own()
    {
        var requested = new RequestedCalls(4);
        RequestedCall[] calls =
        [
            .. new[] { "ann", "eve", "bob", "eve", "eve", "eve" }.Select((grant, i) =>
                new RequestedCall(new ChatCaller(grant, null), Call($"c{i}", "pay", "{}"), approvalId: null, isConfirmed: true)),
        ];
        foreach (RequestedCall call in calls)
        {
            requested.Add(call);
        }

        Assert.Equal(
            [true, false, true, false, true, true],
            calls.Select(call => requested.TryFind(call.Id, out RequestedCall? found) && found == call));

        // Of those that have as many, the oldest.
        Assert.True(requested.TryTake(calls[5]));
        Assert.False(requested.TryTake(calls[5]));
        var late = new RequestedCall(new ChatCaller("dan", null), Call("c6", "pay", "{}"), approvalId: null, isConfirmed: true);
        requested.Add(late);
        requested.Add(new RequestedCall(new ChatCaller("fay", null), Call("c7", "pay", "{}"), approvalId: null, isConfirmed: true));
        Assert.False(requested.TryFind(calls[0].Id, out _));
        Assert.All([calls[2], calls[4], late], call => Assert.True(requested.TryFind(call.Id, out _)));
    }

    private ChatOptions Options => new() { Tools = [_pay, new ApprovalRequiredAIFunction(_read)] };

    private IChatClient Chat(string grant, string? session, params IReadOnlyList<AIContent>[] turns) =>
        ChatClientTests.Pipeline(new ScriptedChatClient(turns), _authorizer, options =>
        {
            options.GrantId = grant;
            options.SessionId = session;
            options.Approvals = _approvals;
            options.LoggerFactory = _log;
        });
}
