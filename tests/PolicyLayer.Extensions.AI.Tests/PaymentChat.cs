using Microsoft.Extensions.AI;
using PolicyLayer.Approvals;
using PolicyLayer.Auditing;
using PolicyLayer.Extensions.AI;

namespace PolicyLayer.Tests.AI;

/// <summary>A chat whose payments above 500 wait for a person, and what its caller keeps of it.</summary>
internal sealed class PaymentChat
{
    private const string Tools = """
        { "pay": { "approve_if": [{ "conditions": [{ "path": "args.amount", "op": "gt", "value": 500 }] }] },
          "read": {},
          "drop": { "action": "require_approval" } }
        """;

    public PaymentChat(ScriptedChatClient model, bool answers = true)
    {
        Model = model;
        Authorizer = Authorizers.Of(Tools, Sink);
        Client = ChatClientTests.Pipeline(model, Authorizer, options =>
        {
            options.LoggerFactory = Log;
            options.Approvals = answers
                ? new ChatApprovals(Authorizer.Approvals, (request, _) =>
                {
                    Asked.Add(request);
                    return new ValueTask<Approver?>(Approver is null ? null : new Approver(Approver, Grant));
                })
                : null;
        });
        Options = new ChatOptions { Tools = [Pay, Read, Drop] };
    }

    public ScriptedChatClient Model { get; }

    public InMemoryAuditSink Sink { get; } = new();

    public ToolCallAuthorizer Authorizer { get; }

    public IChatClient Client { get; }

    public LogList Log { get; } = new();

    public ChatOptions Options { get; }

    public CountedFunction Pay { get; } = new("pay");

    public CountedFunction Read { get; } = new("read");

    public CountedFunction Drop { get; } = new("drop");

    /// <summary>Who answers; null for nobody.</summary>
    public string? Approver { get; set; } = "alice";

    /// <summary>The grant under which whoever answers acts; null for a person.</summary>
    public string? Grant { get; set; }

    /// <summary>The requests that the host was asked about.</summary>
    public List<ToolApprovalRequestContent> Asked { get; } = [];

    public List<ChatMessage> Messages { get; } = [new(ChatRole.User, "go")];

    /// <summary>Sends what the caller has, and keeps what comes.</summary>
    public async Task<ChatResponse> SendAsync(params AIContent[] more)
    {
        if (more.Length > 0)
        {
            Messages.Add(new ChatMessage(ChatRole.User, [.. more]));
        }

        ChatResponse response = await Client.GetResponseAsync(Messages, Options);
        Messages.AddRange(response.Messages);
        return response;
    }

    public static IReadOnlyList<ToolApprovalRequestContent> RequestsIn(ChatResponse response) =>
        [.. response.Messages.SelectMany(message => message.Contents).OfType<ToolApprovalRequestContent>()];

    /// <summary>Sends, and returns the one request that comes.</summary>
    public async Task<ToolApprovalRequestContent> AskAsync() => RequestsIn(await SendAsync()).Single();
}
