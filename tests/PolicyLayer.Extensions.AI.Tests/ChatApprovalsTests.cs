using Microsoft.Extensions.AI;
using PolicyLayer.Approvals;
using PolicyLayer.Auditing;
using static PolicyLayer.Tests.AI.ScriptedChatClient;

namespace PolicyLayer.Tests.AI;

/// <summary>Calls that wait for a person in the chat, and are answered there as they should be.</summary>
public sealed class ChatApprovalsTests
{
    private const string Large = """{"to":"ann","amount":900,"note":{"lines":["a"]}}""";

    [Fact]
    public async Task An_approved_call_runs_once_and_the_record_says_by_whom()
    {
        var chat = new PaymentChat(new ScriptedChatClient(Asks(("pay", Large)), Says("paid")));
        ToolApprovalRequestContent request = await chat.AskAsync();
        Assert.Equal(0, chat.Pay.Runs);

        ChatResponse response = await chat.SendAsync(request.CreateResponse(true));
        Assert.Equal("paid", response.Text);
        Assert.Equal(1, chat.Pay.Runs);
        Assert.Equal(["done"], ChatClientTests.ResultsOf(chat.Model));
        Assert.Equal("alice", chat.Sink.Records.Single(record => record.Kind == AuditRecordKind.Approval).AnsweredBy);
        Assert.Equal(ToolCallOutcome.Succeeded, chat.Sink.Records.Single(record => record.Kind == AuditRecordKind.Completion).CallOutcome);
    }

    [Fact]
    public async Task The_conversation_goes_on_after_an_answer_and_runs_nothing_again()
    {
        var chat = new PaymentChat(new ScriptedChatClient(Asks(("pay", Large)), Says("paid"), Says("still here")));
        await chat.SendAsync((await chat.AskAsync()).CreateResponse(true));

        Assert.Equal("still here", (await chat.SendAsync(new TextContent("and?"))).Text);
        Assert.Equal(1, chat.Pay.Runs);
    }

    [Fact]
    public async Task A_call_that_the_policy_allows_asks_nobody()
    {
        var chat = new PaymentChat(new ScriptedChatClient(
            Asks(("pay", """{"to":"ann","amount":5}""")), Asks(("read", "{}"), ("pay", """{"to":"bob","amount":6}""")), Says("end")));

        ChatResponse response = await chat.SendAsync();
        Assert.Equal("end", response.Text);
        Assert.Equal((2, 1), (chat.Pay.Runs, chat.Read.Runs));
        Assert.Empty(PaymentChat.RequestsIn(response));
        Assert.Equal(3, response.Messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>().Count());
        Assert.Equal(3, chat.Sink.Records.Count(record => record.Kind == AuditRecordKind.Decision));
    }

    [Fact]
    public async Task A_streamed_call_that_the_policy_allows_asks_nobody()
    {
        var chat = new PaymentChat(new ScriptedChatClient(
            [new TextContent("so "), .. Asks(("pay", """{"to":"ann","amount":5}"""))], Says("end")));

        ChatResponse response = await StreamAsync(chat);
        Assert.Equal("so end", string.Concat(response.Messages.Select(message => message.Text)));
        Assert.Equal(1, chat.Pay.Runs);
        Assert.Empty(PaymentChat.RequestsIn(response));
    }

    [Fact]
    public async Task A_streamed_request_is_answered_as_any()
    {
        var chat = new PaymentChat(new ScriptedChatClient(Asks(("pay", Large)), Says("paid")));
        ChatResponse asked = await StreamAsync(chat);
        chat.Messages.AddRange(asked.Messages);
        Assert.Equal(0, chat.Pay.Runs);
        chat.Messages.Add(new ChatMessage(ChatRole.User, [PaymentChat.RequestsIn(asked).Single().CreateResponse(true)]));

        Assert.Equal("paid", (await StreamAsync(chat)).Text);
        Assert.Equal(1, chat.Pay.Runs);
    }

    [Fact]
    public async Task Calls_of_one_answer_wait_together()
    {
        var chat = new PaymentChat(new ScriptedChatClient(Asks(("read", "{}"), ("pay", Large)), Says("end")));
        IReadOnlyList<ToolApprovalRequestContent> requests = PaymentChat.RequestsIn(await chat.SendAsync());
        Assert.Equal(2, requests.Count);
        Assert.Equal(0, chat.Read.Runs);

        await chat.SendAsync([.. requests.Select(request => request.CreateResponse(true))]);
        Assert.Equal((1, 1), (chat.Read.Runs, chat.Pay.Runs));
    }

    [Fact]
    public async Task A_call_that_is_denied_asks_nobody()
    {
        var chat = new PaymentChat(new ScriptedChatClient(Asks(("pay", Large), ("pay", Large)), Says("end")));
        string id = await WaitingAsync(chat);
        await chat.Authorizer.Approvals.RefuseAsync(id, new Approver("bob"), "No.");

        Assert.Equal("end", (await chat.SendAsync()).Text);
        Assert.All(ChatClientTests.ResultsOf(chat.Model), text => Assert.EndsWith("No.", text, StringComparison.Ordinal));
        Assert.Equal(0, chat.Pay.Runs);
    }

    [Fact]
    public async Task A_refusal_runs_nothing_and_denies_the_same_call()
    {
        var chat = new PaymentChat(new ScriptedChatClient(Asks(("pay", Large)), Asks(("pay", Large)), Says("end")));
        ToolApprovalRequestContent request = await chat.AskAsync();

        ChatResponse response = await chat.SendAsync(request.CreateResponse(false, "Too much."));
        Assert.Equal("end", response.Text);
        Assert.Contains("Too much.", ChatClientTests.ResultsOf(chat.Model).Last(), StringComparison.Ordinal);
        Assert.Equal(0, chat.Pay.Runs);
    }

    [Fact]
    public async Task An_answer_covers_the_call_that_was_shown_and_no_more()
    {
        var authorizer = Authorizers.Of(
            """{ "push": { "action": "require_approval", "approval": { "same": ["args.repo"], "uses": 20, "for": "hour" } } }""");
        var push = new CountedFunction("push");
        var model = new ScriptedChatClient(Asks(("push", """{"repo":"a","n":1}""")), Says("end"));
        IChatClient client = ChatClientTests.Pipeline(model, authorizer, options => options.Approvals = new(
            authorizer.Approvals, (_, _) => new ValueTask<Approver?>(new Approver("alice"))));
        var options = new ChatOptions { Tools = [push] };
        List<ChatMessage> messages = [new(ChatRole.User, "go")];
        ChatResponse asked = await client.GetResponseAsync(messages, options);
        messages.AddRange(asked.Messages);
        messages.Add(new ChatMessage(ChatRole.User, [PaymentChat.RequestsIn(asked).Single().CreateResponse(true)]));
        await client.GetResponseAsync(messages, options);

        Assert.Equal(1, push.Runs);
        ToolCallDecision other = await authorizer.AuthorizeAsync(new ToolCall("push", ToolArguments.FromJson("""{"repo":"a","n":2}""")));
        Assert.Equal(DecisionCode.ApprovalRequired, other.Code);
    }

    [Fact]
    public async Task Additional_tools_wait_for_people_too()
    {
        var chat = new PaymentChat(new ScriptedChatClient());
        var pay = new CountedFunction("pay");
        var model = new ScriptedChatClient(Asks(("pay", """{"amount":1}""")), Asks(("pay", Large)), Says("end"));
        IChatClient client = ChatClientTests.Pipeline(
            model,
            chat.Authorizer,
            options => options.Approvals = new(chat.Authorizer.Approvals, (_, _) => new ValueTask<Approver?>(new Approver("alice"))),
            invoking => invoking.AdditionalTools = [pay]);

        ChatResponse asked = await client.GetResponseAsync("go");
        Assert.Equal(1, pay.Runs);
        await client.GetResponseAsync(
            [.. asked.Messages, new ChatMessage(ChatRole.User, [PaymentChat.RequestsIn(asked).Single().CreateResponse(true)])]);
        Assert.Equal(2, pay.Runs);
    }

    [Fact]
    public async Task What_the_host_itself_wants_confirmed_stays_so()
    {
        var chat = new PaymentChat(new ScriptedChatClient(Asks(("read", "{}")), Says("end")), answers: false);
        chat.Options.Tools = [new ApprovalRequiredAIFunction(chat.Read)];
        ToolApprovalRequestContent request = await chat.AskAsync();
        Assert.Equal(0, chat.Read.Runs);

        await chat.SendAsync(request.CreateResponse(true));
        Assert.Equal(1, chat.Read.Runs);
    }

    private static async Task<ChatResponse> StreamAsync(PaymentChat chat)
    {
        List<ChatResponseUpdate> updates = [];
        await foreach (ChatResponseUpdate update in chat.Client.GetStreamingResponseAsync(chat.Messages, chat.Options))
        {
            updates.Add(update);
        }

        return updates.ToChatResponse();
    }

    private static async Task<string> WaitingAsync(PaymentChat chat) =>
        (await chat.Authorizer.AuthorizeAsync(new ToolCall("pay", ToolArguments.FromJson(Large)))).ApprovalId!;
}
