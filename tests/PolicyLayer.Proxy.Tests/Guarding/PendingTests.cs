using PolicyLayer.Proxy.Guarding;
using PolicyLayer.Proxy.Messages;

namespace PolicyLayer.Tests.Proxy.Guarding;

/// <summary>Answers belong to requests, and each call has one outcome.</summary>
public sealed class PendingTests
{
    private const string Done = """{"content":[]}""";

    private readonly Talk _talk = new();

    [Theory]
    [InlineData("1", "1")]
    [InlineData("\"a\"", "\"\\u0061\"")]
    [InlineData("9007199254740992", "9007199254740993")]
    [InlineData("5", "\"5\"")]
    [InlineData("\"5\"", "5")]
    public async Task An_id_in_use_is_refused_without_one(string first, string second)
    {
        await _talk.CallAsync(first, "echo");
        Passage passage = await _talk.CallAsync(second, "once");

        Assert.Null(passage.Forward);
        Assert.Equal(MessageFault.IdInUse, passage.Fault);
        Assert.StartsWith("""{"jsonrpc":"2.0","id":null,"error":""", Talk.Text(passage.Answer));
        Assert.Single(_talk.Authorizer.Judged);
    }

    [Fact]
    public async Task An_answered_id_is_free()
    {
        await _talk.CallAsync("1", "echo");
        Assert.NotNull(await _talk.ResultAsync("1", Done));
        Assert.Null(await _talk.ResultAsync("1", Done));

        Assert.NotNull((await _talk.CallAsync("1", "echo")).Forward);
        Assert.Equal([ToolCallOutcome.Succeeded], _talk.Outcomes);
    }

    [Theory]
    [InlineData(Done, ToolCallOutcome.Succeeded)]
    [InlineData("""{"content":[],"resultType":"complete"}""", ToolCallOutcome.Succeeded)]
    [InlineData("""{"content":[],"isError":false}""", ToolCallOutcome.Succeeded)]
    [InlineData("""{"content":[],"isError":true}""", ToolCallOutcome.Failed)]
    [InlineData("null", ToolCallOutcome.Succeeded)]
    public async Task An_outcome_is_reported_once(string result, ToolCallOutcome outcome)
    {
        await _talk.CallAsync("1", "echo");
        await _talk.ResultAsync("1", result);
        await _talk.ResultAsync("1", result);
        await _talk.Conversation.EndAsync("over");

        Assert.Equal([outcome], _talk.Outcomes);
    }

    [Fact]
    public async Task An_error_is_a_failure()
    {
        await _talk.CallAsync("1", "echo");
        await _talk.AnswerAsync("""{"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"x"}}""");

        Assert.Equal([ToolCallOutcome.Failed], _talk.Outcomes);
    }

    [Fact]
    public async Task What_surely_never_ran_gives_its_quota_back()
    {
        await _talk.CallAsync("1", "once");
        await _talk.Conversation.ReturnAsync(Id("1"));
        await _talk.Conversation.ReturnAsync(Id("1"));

        Assert.Equal([ToolCallOutcome.NotExecuted], _talk.Outcomes);
        Assert.NotNull((await _talk.CallAsync("2", "once")).Forward);
        Assert.NotNull((await _talk.CallAsync("3", "once")).Answer);
    }

    [Theory]
    [InlineData(Done, ToolCallOutcome.Succeeded)]
    [InlineData("""{"content":[],"isError":true}""", ToolCallOutcome.Failed)]
    [InlineData("""{"resultType":"input_required","requestState":"x"}""", ToolCallOutcome.Failed)]
    [InlineData("""{"resultType":"task","taskId":"x"}""", ToolCallOutcome.Failed)]
    public async Task A_late_answer_says_what_became_of_a_cancelled_call_and_goes_nowhere(string result, ToolCallOutcome outcome)
    {
        await _talk.CallAsync("1", "echo");
        Passage cancel = await CancelAsync("1");
        Assert.NotNull(cancel.Forward);
        Assert.Empty(_talk.Outcomes);

        Assert.Null(await _talk.ResultAsync("1", result));
        await _talk.Conversation.EndAsync("over");
        Assert.Equal([outcome], _talk.Outcomes);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_late_answer_to_one_request_is_not_that_to_another(bool isCall)
    {
        await (isCall ? _talk.CallAsync("1", "echo") : _talk.SendAsync("""{"id":1,"method":"ping"}"""));
        await CancelAsync("1");
        Passage again = await _talk.CallAsync("1", "other");
        Assert.Equal(MessageFault.IdInUse, again.Fault);
        Assert.StartsWith("""{"jsonrpc":"2.0","id":1,"error":""", Talk.Text(again.Answer));

        await _talk.ResultAsync("1", Done);
        Assert.NotNull((await _talk.CallAsync("1", "other")).Forward);
        Assert.NotNull(await _talk.ResultAsync("1", """{"content":[],"isError":true}"""));
        ToolCallOutcome[] outcomes = isCall ? [ToolCallOutcome.Succeeded, ToolCallOutcome.Failed] : [ToolCallOutcome.Failed];
        Assert.Equal(outcomes, _talk.Outcomes);
    }

    [Theory]
    [InlineData("5", "\"5\"")]
    [InlineData("\"5\"", "5")]
    public async Task Nor_is_one_whose_id_is_written_in_the_other_way(string first, string second)
    {
        await _talk.CallAsync(first, "echo");
        await CancelAsync(first);
        Passage passage = await _talk.CallAsync(second, "once");

        Assert.Equal(MessageFault.IdInUse, passage.Fault);
        Assert.StartsWith($$"""{"jsonrpc":"2.0","id":{{second}},"error":""", Talk.Text(passage.Answer));
        await _talk.ResultAsync(second, Done);
        Assert.Equal([ToolCallOutcome.Succeeded], _talk.Outcomes);
        Assert.NotNull((await _talk.CallAsync(second, "once")).Forward);
    }

    [Fact]
    public async Task Of_many_abandoned_calls_the_oldest_have_failed()
    {
        const int More = 10;
        for (int i = 0; i < PendingRequests.MaxAbandoned + More; i++)
        {
            await _talk.CallAsync($"{i}", "echo");
            Assert.True(await _talk.Conversation.AbandonAsync(Id($"{i}")));
        }

        Assert.Equal(Enumerable.Repeat(ToolCallOutcome.Failed, More), _talk.Outcomes);
        Assert.Empty(await _talk.Conversation.EndAsync("over"));
        Assert.Equal(Enumerable.Repeat(ToolCallOutcome.Failed, PendingRequests.MaxAbandoned + More), _talk.Outcomes);
    }

    [Fact]
    public async Task One_request_too_many_is_refused_and_charged_nothing()
    {
        for (int i = 0; i < PendingRequests.Max; i++)
        {
            await _talk.SendAsync($$"""{"id":{{i}},"method":"ping"}""");
        }

        Passage passage = await _talk.CallAsync("\"x\"", "once");
        Assert.Equal(MessageFault.TooMany, passage.Fault);
        Assert.StartsWith("""{"jsonrpc":"2.0","id":"x","error":""", Talk.Text(passage.Answer));
        Assert.Empty(_talk.Authorizer.Judged);

        await _talk.ResultAsync("0", "{}");
        Assert.NotNull((await _talk.CallAsync("\"x\"", "once")).Forward);
    }

    [Fact]
    public async Task Calls_that_a_client_may_come_back_to_keep_so_many_bytes()
    {
        string members = Talk.Modern + ",\"arguments\":{\"a\":\"" + new string('x', 1_000_000) + "\"}";
        int passed = 0;
        for (int i = 0; i < 100; i++)
        {
            Passage passage = await _talk.CallAsync($"{i}", "echo", members);
            Assert.Equal(passage.Forward is null ? MessageFault.TooMany : null, passage.Fault);
            passed += passage.Forward is null ? 0 : 1;
        }

        Assert.Equal(PendingRequests.MaxHeldBytes / 1_000_000, passed);
        await _talk.ResultAsync("0", Done);
        Assert.NotNull((await _talk.CallAsync("\"x\"", "echo", members)).Forward);
        await CancelAsync("1");
        Assert.NotNull((await _talk.CallAsync("\"y\"", "echo", members)).Forward);
    }

    [Fact]
    public async Task The_end_answers_all_that_is_waited_for()
    {
        await _talk.CallAsync("1", "echo");
        await _talk.CallAsync("2", "echo");
        await CancelAsync("2");
        await _talk.SendAsync("""{"id":"p","method":"ping"}""");

        IReadOnlyList<ReadOnlyMemory<byte>> answers = await _talk.Conversation.EndAsync("It is over.");
        Assert.Equal(
            [
                """{"jsonrpc":"2.0","id":"p","error":{"code":-32603,"message":"It is over."}}""",
                """{"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"It is over."}}""",
            ],
            answers.Select(answer => Talk.Text(answer)!).Order(StringComparer.Ordinal));
        Assert.Equal([ToolCallOutcome.Failed, ToolCallOutcome.Failed], _talk.Outcomes);
        Assert.Empty(await _talk.Conversation.EndAsync("again"));
        Assert.NotNull((await _talk.CallAsync("2", "echo")).Forward);
    }

    [Fact]
    public async Task A_call_that_is_cancelled_while_it_is_judged_never_runs()
    {
        Task<Passage> call = Judging("1", out TaskCompletionSource gate);
        await CancelAsync("1");
        gate.SetResult();

        Assert.Equal(default, await call);
        Assert.Equal([ToolCallOutcome.NotExecuted], _talk.Outcomes);
        Assert.NotNull((await _talk.CallAsync("1", "once")).Forward);
    }

    [Fact]
    public async Task A_call_is_answered_once_where_the_server_ends_while_it_is_judged()
    {
        Task<Passage> call = Judging("1", out TaskCompletionSource gate);
        Assert.Single(await _talk.Conversation.EndAsync("over"));
        gate.SetResult();

        Assert.Equal(default, await call);
        Assert.Equal([ToolCallOutcome.NotExecuted], _talk.Outcomes);
    }

    [Fact]
    public async Task Of_two_calls_that_are_judged_under_one_id_one_goes_on()
    {
        Task<Passage> call = Judging("1", out TaskCompletionSource gate);
        Task<Passage> other = _talk.CallAsync("1", "echo");
        gate.SetResult();

        Assert.NotNull((await call).Forward);
        Assert.Equal(MessageFault.IdInUse, (await other).Fault);
        Assert.Empty(_talk.Outcomes);
    }

    [Fact]
    public async Task Who_gives_up_on_a_judgement_leaves_its_id_free()
    {
        _talk.Authorizer.Gate = new TaskCompletionSource().Task;
        using var cancellation = new CancellationTokenSource();
        ValueTask<Passage> call = _talk.Conversation.FromClientAsync(Talk.Read(Talk.Call("1", "echo")), cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await call);

        _talk.Authorizer.Gate = Task.CompletedTask;
        Assert.NotNull((await _talk.CallAsync("1", "echo")).Forward);
    }

    [Fact]
    public async Task A_denial_leaves_its_id_free()
    {
        Assert.NotNull((await _talk.CallAsync("1", "secret")).Answer);
        Assert.Null((await _talk.CallAsync("1", "echo")).Fault);
    }

    [Fact]
    public async Task What_the_client_did_not_ask_for_is_not_answered()
    {
        Assert.Null(await _talk.ResultAsync("7", Done));
        Assert.NotNull(await _talk.AnswerAsync("""{"jsonrpc":"2.0","id":null,"error":{"code":1,"message":"x"}}"""));
        Assert.NotNull(await _talk.AnswerAsync("""{"jsonrpc":"2.0","id":7,"method":"sampling/createMessage","params":{}}"""));
        Assert.NotNull(await _talk.AnswerAsync("""{"jsonrpc":"2.0","method":"notifications/message","params":{}}"""));
    }

    [Fact]
    public async Task News_of_the_list_goes_where_it_was_asked_for()
    {
        Assert.Empty(_talk.Conversation.ListChanges());
        await ListenAsync("\"l\"");
        Assert.Empty(_talk.Conversation.ListChanges());
        await _talk.AnswerAsync("""
            {"method":"notifications/subscriptions/acknowledged","params":{"_meta":{"io.modelcontextprotocol/subscriptionId":"l"}}}
            """);
        await _talk.SendAsync("""{"method":"notifications/initialized"}""");

        Assert.Equal(
            [
                """{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}""",
                """{"jsonrpc":"2.0","method":"notifications/tools/list_changed","params":"""
                + """
                {"_meta":{"io.modelcontextprotocol/subscriptionId":"l"}}}
                """,
            ],
            _talk.Conversation.ListChanges().Select(change => Talk.Text(change)));
        await _talk.ResultAsync("\"l\"", """{"resultType":"complete"}""");
        Assert.Single(_talk.Conversation.ListChanges());
    }

    [Fact]
    public async Task A_server_may_end_a_subscription_by_cancelling_it()
    {
        await ListenAsync("1");
        await _talk.CallAsync("2", "echo");
        Assert.NotNull(await _talk.AnswerAsync("""{"method":"notifications/cancelled","params":{"requestId":1}}"""));
        Assert.NotNull(await _talk.AnswerAsync("""{"method":"notifications/cancelled","params":{"requestId":2}}"""));

        // A server of an earlier revision speaks of a request of its own, which may have the same id.
        Assert.NotNull(await _talk.ResultAsync("2", Done));
        Assert.Empty(await _talk.Conversation.EndAsync("over"));
    }

    private static JsonRpcId Id(string id) => Talk.Read($$"""{"id":{{id}},"method":"ping"}""").Id!.Value;

    private Task<Passage> ListenAsync(string id) => _talk.SendAsync(
        $$"""{"id":{{id}},"method":"subscriptions/listen","params":{"notifications":{"toolsListChanged":true},{{Talk.Modern}} } }""");

    private Task<Passage> Judging(string id, out TaskCompletionSource gate)
    {
        gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _talk.Authorizer.Gate = gate.Task;
        return _talk.CallAsync(id, "once");
    }

    private Task<Passage> CancelAsync(string id) =>
        _talk.SendAsync($$"""{"method":"notifications/cancelled","params":{"requestId":{{id}} } }""");
}
