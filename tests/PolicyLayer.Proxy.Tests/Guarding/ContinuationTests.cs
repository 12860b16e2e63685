using System.Text.Json;
using PolicyLayer.Approvals;
using PolicyLayer.Auditing;
using PolicyLayer.Proxy;
using PolicyLayer.Proxy.Guarding;

namespace PolicyLayer.Tests.Proxy.Guarding;

/// <summary>A call that its tool asked for input is one, however often its client comes back.</summary>
public sealed class ContinuationTests
{
    private const string Asks =
        """{"resultType":"input_required","inputRequests":{"k":{"method":"roots/list"}},"requestState":"the tool's own \u0022state\""}""";

    private const string Responses = "\"inputResponses\":{\"k\":{\"roots\":[]}}";

    private readonly Talk _talk = new();

    [Fact]
    public async Task It_finds_its_own_state_again_and_is_charged_once()
    {
        string state = await AskAsync("once", Asks);
        Assert.DoesNotContain("state", state, StringComparison.Ordinal);

        string message = Talk.Call("2", "once", $"{Talk.Modern},{Responses}, \"requestState\" : \"{state}\" ");
        Passage passage = await _talk.SendAsync(message);
        Assert.Equal(
            JsonSerializer.Serialize("the tool's own \"state\""),
            JsonDocument.Parse(passage.Forward!.Value).RootElement.GetProperty("params").GetProperty("requestState").GetRawText());
        Assert.StartsWith(message[..message.IndexOf(state, StringComparison.Ordinal)], Talk.Text(passage.Forward));

        await _talk.ResultAsync("2", """{"content":[],"resultType":"complete"}""");
        Assert.Equal([ToolCallOutcome.Succeeded], _talk.Outcomes);
        Assert.NotNull((await _talk.CallAsync("3", "once", Talk.Modern)).Answer);
    }

    [Theory]
    [InlineData("""{"resultType":"input_required","inputRequests":{}}""")]
    [InlineData("""{"resultType":"input_required","requestState":5}""")]
    [InlineData("""{"requestState":null,"resultType":"input_r\u0065quired"}""")]
    public async Task Without_a_state_none_is_handed_on(string asks)
    {
        string state = await AskAsync("once", asks);
        Passage passage = await _talk.CallAsync("2", "once", $"{Talk.Modern},\"requestState\":\"{state}\",{Responses}");

        Assert.Equal(Talk.Call("2", "once", $"{Talk.Modern},{Responses}"), Talk.Text(passage.Forward));
    }

    [Fact]
    public async Task An_empty_state_is_one()
    {
        string state = await AskAsync("once", """{"resultType":"input_required","requestState":""}""");
        Passage passage = await _talk.CallAsync("2", "once", $"{Talk.Modern},\"requestState\":\"{state}\"");

        Assert.Equal(Talk.Call("2", "once", $"{Talk.Modern},\"requestState\":\"\""), Talk.Text(passage.Forward));
    }

    [Fact]
    public async Task It_goes_on_through_several_questions()
    {
        string state = await AskAsync("once", Asks);
        for (int i = 2; i < 6; i++)
        {
            Assert.NotNull((await _talk.CallAsync($"{i}", "once", $"{Talk.Modern},\"requestState\":\"{state}\"")).Forward);
            state = StateOf(await _talk.ResultAsync($"{i}", Asks));
        }

        Assert.Empty(_talk.Outcomes);
    }

    [Theory]
    [InlineData("other", "", "alice", 0)]
    [InlineData("echo", "\"arguments\":{\"a\":1}", "alice", 0)]
    [InlineData("echo", "", "bob", 0)]
    [InlineData("echo", "", "alice", 601)]
    public async Task What_is_another_call_is_one_of_its_own(string tool, string members, string principal, int seconds)
    {
        string state = await AskAsync("echo", Asks);
        _talk.Clock.Advance(TimeSpan.FromSeconds(seconds));
        _talk.Conversation = _talk.Open(principal);
        string own = Talk.Modern + (members.Length == 0 ? "" : "," + members);
        Passage passage = await _talk.CallAsync("2", tool, $"{own},{Responses},\"requestState\":\"{state}\"");

        Assert.Equal(Talk.Call("2", tool, own), Talk.Text(passage.Forward));
        Assert.Null(_talk.Authorizer.Judged.Last().Call.Continues);
        Assert.Null(JudgedArguments.InputsOf(_talk.Authorizer.Judged.Last().Call));
    }

    [Theory]
    [InlineData("\"requestState\":\"forged\"")]
    [InlineData("\"requestState\":\"\"")]
    [InlineData("\"requestState\":\"=!\\u0000\"")]
    [InlineData("\"requestState\":{\"a\":1}")]
    [InlineData("\"requestState\":null")]
    [InlineData(Responses)]
    [InlineData("\"requestStat\\u0065\":\"x\"," + Responses)]
    [InlineData(Responses + ",\"requestState\":[]")]
    public async Task What_a_client_made_up_is_taken_off(string members)
    {
        foreach (string meta in (string[])[Talk.Modern, "\"_meta\":{}"])
        {
            Assert.Equal(Talk.Call("2", "echo", meta), Talk.Text((await _talk.CallAsync("2", "echo", $"{meta},{members}")).Forward));
            await _talk.ResultAsync("2", "{}");
            Assert.Equal(Talk.Call("2", "echo", meta), Talk.Text((await _talk.CallAsync("2", "echo", $"{members},{meta}")).Forward)!
                .Replace("\"echo\", ", "\"echo\",", StringComparison.Ordinal));
            await _talk.ResultAsync("2", "{}");
        }
    }

    [Fact]
    public async Task It_is_continued_once()
    {
        string state = await AskAsync("once", Asks);
        Assert.NotNull((await _talk.CallAsync("2", "once", $"{Talk.Modern},\"requestState\":\"{state}\"")).Forward);
        Passage again = await _talk.CallAsync("3", "once", $"{Talk.Modern},\"requestState\":\"{state}\"");

        Assert.Contains("limit_exceeded", Talk.Text(again.Answer)!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_approval_is_spent_once_and_never_given_by_an_answer()
    {
        Assert.NotNull((await _talk.CallAsync("1", "asked", Talk.Modern)).Answer);
        Assert.NotNull(
            (await _talk.CallAsync("1", "asked", $"{Talk.Modern},\"inputResponses\":{{\"k\":{{\"action\":\"accept\"}}}}")).Answer);
        string approval = _talk.Authorizer.Judged.Last().Decision.ApprovalId!;
        await _talk.Approvals.ApproveAsync(approval, new Approver("bob"));

        string state = await AskAsync("asked", Asks);
        Assert.NotNull((await _talk.CallAsync("2", "asked", $"{Talk.Modern},\"requestState\":\"{state}\"")).Forward);
        await _talk.ResultAsync("2", "{}");
        Assert.NotNull((await _talk.CallAsync("3", "asked", Talk.Modern)).Answer);
        Assert.NotNull((await _talk.CallAsync("3", "asked", $"{Talk.Modern},\"requestState\":\"{state}\"")).Answer);
    }

    [Fact]
    public async Task A_call_of_an_earlier_revision_cannot_be_continued()
    {
        await _talk.CallAsync("1", "once");
        string state = StateOf(await _talk.ResultAsync("1", Asks));

        Assert.Equal("", state);
    }

    [Theory]
    [InlineData("""{"resultType":"task","taskId":"t"}""")]
    [InlineData("""{"task":{"taskId":"t"}}""")]
    [InlineData("""{"resultType":"unheard"}""")]
    [InlineData("""{"resultType":"input_required"}""")]
    public async Task The_outcome_of_what_goes_on_is_not_known(string result)
    {
        await _talk.CallAsync("1", "echo", Talk.Modern);
        await _talk.ResultAsync("1", result);

        Assert.Empty(_talk.Outcomes);
    }

    [Fact]
    public async Task Other_requests_bring_what_they_like()
    {
        const string Message = """{"id":1,"method":"prompts/get","params":{"name":"x","requestState":"raw","inputResponses":{}}}""";

        Assert.Equal(Message, Talk.Text((await _talk.SendAsync(Message)).Forward));
        const string Result = """{"resultType":"input_required","requestState":"raw"}""";
        Assert.Contains(Result, await _talk.ResultAsync("1", Result), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_hosts_keys_seal_beyond_the_process()
    {
        PolicyLayerKeys keys = new("k", new Dictionary<string, byte[]> { ["k"] = new byte[PolicyLayerKeys.KeyLength] });
        var first = new Talk(configure: options => options.Keys = keys);
        await first.CallAsync("1", "echo", Talk.Modern);
        string state = StateOf(await first.ResultAsync("1", Asks));

        // The decision is another process's, so that the call is one of its own: it gets no state.
        var second = new Talk(configure: options => options.Keys = keys);
        Assert.Equal(
            Talk.Call("1", "echo", Talk.Modern),
            Talk.Text((await second.CallAsync("1", "echo", $"{Talk.Modern},\"requestState\":\"{state}\"")).Forward));
        Assert.NotNull(second.Authorizer.Judged.Last().Call.Continues);
    }

    [Fact]
    public async Task What_was_answered_is_judged_with_what_goes_on_as_it_came()
    {
        string[] answers = ["""{"k":{"roots":[]}}""", """{ "k" : {"r\u006fots":[1.0]} }""", "{}"];
        string state = await AskAsync("once", Asks);
        for (int i = 0; i < answers.Length; i++)
        {
            Passage passage = await _talk.CallAsync(
                $"{i + 2}", "once", $"{Talk.Modern},\"inputResponses\":{answers[i]},\"requestState\":\"{state}\"");
            Assert.Contains(answers[i], Talk.Text(passage.Forward)!, StringComparison.Ordinal);
            Assert.Equal(answers[i], Talk.Text(JudgedArguments.InputsOf(_talk.Authorizer.Judged.Last().Call)));
            state = StateOf(await _talk.ResultAsync($"{i + 2}", Asks));
        }

        Assert.NotNull((await _talk.CallAsync("9", "once", $"{Talk.Modern},\"requestState\":\"{state}\"")).Forward);
        Assert.Null(JudgedArguments.InputsOf(_talk.Authorizer.Judged.Last().Call));
        state = StateOf(await _talk.ResultAsync("9", Asks));
        Passage nothing = await _talk.CallAsync("10", "once", $"{Talk.Modern},\"inputResponses\":null,\"requestState\":\"{state}\"");
        Assert.Contains("\"inputResponses\":null", Talk.Text(nothing.Forward)!, StringComparison.Ordinal);
        Assert.Null(JudgedArguments.InputsOf(_talk.Authorizer.Judged.Last().Call));
    }

    [Theory]
    [InlineData("[]", "arguments_malformed")]
    [InlineData("\"yes\"", "arguments_malformed")]
    [InlineData("{\"k\":1,\"k\":2}", "arguments_malformed")]
    [InlineData("DEEP", "arguments_too_large")]
    public async Task An_answer_that_cannot_be_read_is_denied_and_may_be_given_anew(string answer, string code)
    {
        string state = await AskAsync("once", Asks);
        string sent = answer == "DEEP" ? $"{{\"k\":{new string('[', 64)}{new string(']', 64)}}}" : answer;
        Passage passage = await _talk.CallAsync("2", "once", $"{Talk.Modern},\"inputResponses\":{sent},\"requestState\":\"{state}\"");
        Assert.Contains(code, Talk.Text(passage.Answer)!, StringComparison.Ordinal);

        Assert.NotNull((await _talk.CallAsync("3", "once", $"{Talk.Modern},{Responses},\"requestState\":\"{state}\"")).Forward);
    }

    [Fact]
    public async Task A_record_of_what_goes_on_has_a_digest_of_the_answer_and_not_the_answer()
    {
        var sink = new InMemoryAuditSink();
        PolicyLayerKeys keys = new("k", new Dictionary<string, byte[]> { ["k"] = new byte[PolicyLayerKeys.KeyLength] });
        var talk = new Talk(authorize: options =>
        {
            options.Keys = keys;
            options.AuditSinks.Add(sink);
        });
        await talk.CallAsync("1", "echo", Talk.Modern);
        string state = StateOf(await talk.ResultAsync("1", Asks));
        foreach (string answer in (string[])["yes-s3cr3t", "no-s3cr3t"])
        {
            await talk.CallAsync("2", "echo", $"{Talk.Modern},\"inputResponses\":{{\"{answer}\":1}},\"requestState\":\"{state}\"");
            state = StateOf(await talk.ResultAsync("2", Asks));
        }

        await talk.CallAsync("2", "echo", $"{Talk.Modern},{Responses}");
        AuditRecord[] decisions = [.. sink.Records.Where(record => record.Kind == AuditRecordKind.Decision)];
        Assert.Equal([false, true, true, false], decisions.Select(record => record.InputsDigest is not null));
        Assert.Equal([false, true, true, false], decisions.Select(record => record.Continues is not null));
        Assert.NotEqual(decisions[1].InputsDigest, decisions[2].InputsDigest);
        Assert.All(sink.Records, record => Assert.DoesNotContain("s3cr3t", JsonSerializer.Serialize(record), StringComparison.Ordinal));
    }

    private static string StateOf(string? answer) =>
        JsonDocument.Parse(answer!).RootElement.GetProperty("result").GetProperty("requestState").GetString()!;

    private async Task<string> AskAsync(string tool, string result)
    {
        Assert.NotNull((await _talk.CallAsync("1", tool, Talk.Modern)).Forward);
        string answer = (await _talk.ResultAsync("1", result))!;
        return StateOf(answer);
    }
}
