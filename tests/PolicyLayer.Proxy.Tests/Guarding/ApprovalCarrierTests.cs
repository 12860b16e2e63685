using System.Text.Json;
using PolicyLayer.Approvals;
using PolicyLayer.Proxy;
using PolicyLayer.Proxy.Guarding;

namespace PolicyLayer.Tests.Proxy.Guarding;

/// <summary>
/// A call that waits for a person is sent back with an address, once; its client comes back with the very same call, which is judged anew,
/// and whatever the client answers is no approval.
/// </summary>
public sealed class ApprovalCarrierTests
{
    private const string Policy = """
        {
          "version": "1", "name": "p", "default": "deny",
          "tools": {
            "asked": { "action": "require_approval", "limits": [{ "counter": "c", "max": 2, "window": "hour" }] },
            "other": { "action": "require_approval" },
            "never": { "action": "deny" },
            "once": { "limits": [{ "counter": "o", "max": 1, "window": "hour" }] }
          }
        }
        """;

    private const string Accept = """
        "inputResponses":{"policylayer/approval":{"action":"accept","content":{"approved":true}}}
        """;

    private static readonly string Shows = Capable("""{"elicitation":{"url":{}}}""");

    private readonly Talk _talk = new(Policy, options => options.ApprovalUrl = "https://desk.example/{id}");

    [Fact]
    public async Task The_answer_asks_to_show_an_address_and_has_the_denials_details()
    {
        JsonElement result = ResultOf(await _talk.CallAsync("\"x\"", "asked", Shows));

        string id = Assert.Single(await _talk.Approvals.ListPendingAsync(10)).Id;
        Assert.Equal(["resultType", "inputRequests", "requestState", "_meta"], result.EnumerateObject().Select(member => member.Name));
        Assert.Equal("input_required", result.GetProperty("resultType").GetString());
        JsonElement asked = result.GetProperty("inputRequests").GetProperty("policylayer/approval");
        Assert.Equal("elicitation/create", asked.GetProperty("method").GetString());
        JsonElement shown = asked.GetProperty("params");
        Assert.Equal(["mode", "url", "message"], shown.EnumerateObject().Select(member => member.Name));
        Assert.Equal("url", shown.GetProperty("mode").GetString());
        Assert.Equal($"https://desk.example/{id}", shown.GetProperty("url").GetString());
        Assert.EndsWith($" The request {id} is answered at this address.", shown.GetProperty("message").GetString());
        Assert.Matches("^[A-Za-z0-9_-]+$", StateOf(result));
        JsonElement details = result.GetProperty("_meta").GetProperty("policylayer/denial");
        Assert.Equal(("approval_required", id), (details.GetProperty("code").GetString(), details.GetProperty("approvalId").GetString()));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"elicitation":{}}""")]
    [InlineData("""{"elicitation":{"form":{}}}""")]
    [InlineData("""{"elicitation":{"url":true}}""")]
    [InlineData("""{"elicitation":{"url":null}}""")]
    [InlineData("""{"elicitation":["url",{}]}""")]
    [InlineData("5")]
    public async Task A_client_that_shows_no_addresses_is_told_in_words(string capabilities) =>
        RequireWords(await _talk.CallAsync("1", "asked", Capable(capabilities)));

    [Theory]
    [InlineData("2025-11-25")]
    [InlineData("2025-06-18")]
    public async Task So_is_one_of_an_earlier_revision(string revision) => RequireWords(
        await _talk.CallAsync("1", "asked", Shows.Replace("2026-07-28", revision, StringComparison.Ordinal)), hasKind: false);

    [Fact]
    public async Task So_is_everyone_where_no_address_is_known() => RequireWords(await new Talk(Policy).CallAsync("1", "asked", Shows));

    [Fact]
    public async Task What_no_approval_helps_is_denied_in_words()
    {
        Assert.Equal("complete", ResultOf(await _talk.CallAsync("1", "never", Shows)).GetProperty("resultType").GetString());
        await _talk.CallAsync("2", "asked", Shows);
        await _talk.Approvals.RefuseAsync(Assert.Single(await _talk.Approvals.ListPendingAsync(10)).Id, new Approver("bob"));

        Assert.Equal("complete", ResultOf(await _talk.CallAsync("3", "asked", Shows)).GetProperty("resultType").GetString());
    }

    [Fact]
    public async Task An_approved_call_runs_once_without_what_its_client_brought()
    {
        string state = await SentBackAsync("asked", Shows);
        await ApproveAsync();
        string call = Talk.Call("2", "asked", $"{Shows},\"arguments\" : {{}},{Accept.Trim()}, \"requestState\" : \"{state}\"");

        Passage passage = await _talk.SendAsync(call);

        Assert.Equal(Talk.Call("2", "asked", $"{Shows},\"arguments\" : {{}}"), Talk.Text(passage.Forward));
        await _talk.ResultAsync("2", """{"content":[],"resultType":"complete"}""");
        Assert.Equal([ToolCallOutcome.Succeeded], _talk.Outcomes);

        // The approval is spent: of what comes again one that comes back is told in words, and another one is sent back.
        RequireWords(await _talk.CallAsync("3", "asked", $"{Shows},\"requestState\":\"{state}\""));
        await SentBackAsync("asked", Shows, "4");
    }

    /// <summary>Two calls fit: were one charged that was sent back, or one twice, the second wouldn't.</summary>
    [Fact]
    public async Task It_is_charged_when_it_runs()
    {
        for (int i = 0; i < 2; i++)
        {
            string state = await SentBackAsync("asked", Shows, $"{i + 1}1");
            RequireWords(await _talk.CallAsync($"{i + 1}2", "asked", $"{Shows},\"requestState\":\"{state}\""));
            await ApproveAsync();
            Assert.NotNull((await _talk.CallAsync($"{i + 1}3", "asked", $"{Shows},\"requestState\":\"{state}\"")).Forward);
            await _talk.ResultAsync($"{i + 1}3", """{"content":[],"resultType":"complete"}""");
        }

        JsonElement full = ResultOf(await _talk.CallAsync("9", "asked", Shows));
        Assert.Equal("complete", full.GetProperty("resultType").GetString());
        Assert.Contains(" of 2 per hour is used up", full.GetProperty("content")[0].GetProperty("text").GetString());
    }

    [Theory]
    [InlineData("""{"action":"accept"}""")]
    [InlineData("""{"action":"accept","content":{"approved":true,"approver":"bob"}}""")]
    [InlineData("""{"action":"decline"}""")]
    [InlineData("""{"action":"cancel"}""")]
    public async Task Nothing_that_a_client_answers_is_an_approval_or_takes_one_away(string answer)
    {
        string state = await SentBackAsync("asked", Shows);
        string back = $"{Shows},\"requestState\":\"{state}\",\"inputResponses\":{{\"policylayer/approval\":{answer}}}";

        RequireWords(await _talk.CallAsync("2", "asked", back));
        Assert.False(_talk.Authorizer.Judged.Last().Decision.IsAllowed);
        await ApproveAsync();

        Assert.Equal(Talk.Call("3", "asked", Shows), Talk.Text((await _talk.CallAsync("3", "asked", back)).Forward));
    }

    /// <summary>What doesn't come back as it was sent is a call of its own, and may be sent back as any.</summary>
    [Theory]
    [InlineData("other", "", "alice", 0)]
    [InlineData("asked", "\"arguments\":{\"a\":1}", "alice", 0)]
    [InlineData("asked", "", "bob", 0)]
    [InlineData("asked", "", "alice", 601)]
    public async Task What_is_another_call_is_one_of_its_own(string tool, string members, string principal, int seconds)
    {
        string state = await SentBackAsync("asked", Shows);
        _talk.Clock.Advance(TimeSpan.FromSeconds(seconds));
        _talk.Conversation = _talk.Open(principal);
        string own = Shows + (members.Length == 0 ? "" : "," + members);

        Assert.NotEqual(state, await SentBackAsync(tool, $"{own},\"requestState\":\"{state}\"", "2"));
        await ApproveAsync(_talk.Authorizer.Judged.Last().Decision.ApprovalId);
        Passage passage = await _talk.CallAsync("3", tool, $"{own},{Accept.Trim()},\"requestState\":\"{state}\"");

        Assert.Equal(Talk.Call("3", tool, own), Talk.Text(passage.Forward));
    }

    [Theory]
    [InlineData("\"requestState\":\"forged\"")]
    [InlineData("\"requestState\":null")]
    [InlineData("\"inputResponses\":{\"policylayer/approval\":{\"action\":\"accept\"}}")]
    public async Task What_a_client_made_up_stands_for_nothing(string members)
    {
        await SentBackAsync("asked", $"{Shows},{members}");
        await ApproveAsync();

        Assert.Equal(Talk.Call("2", "asked", Shows), Talk.Text((await _talk.CallAsync("2", "asked", $"{Shows},{members}")).Forward));
    }

    [Fact]
    public async Task Arguments_come_back_written_in_another_way()
    {
        string state = await SentBackAsync("asked", Shows + """,  "arguments":{"a":1,"b":"é"}""");

        RequireWords(await _talk.CallAsync("2", "asked", Shows + $$""","arguments":{"b":"\u00e9", "a":1.0},"requestState":"{{state}}" """));
    }

    /// <summary>A tool that asks for input after it was approved is continued as any, and neither state stands for the other.</summary>
    [Fact]
    public async Task What_the_tool_then_asks_goes_on()
    {
        string waiting = await SentBackAsync("asked", Shows);
        await ApproveAsync();
        Assert.NotNull((await _talk.CallAsync("2", "asked", $"{Shows},\"requestState\":\"{waiting}\"")).Forward);
        string answer = (await _talk.ResultAsync("2", """{"resultType":"input_required","requestState":"the tool's"}"""))!;
        string going = StateOf(JsonDocument.Parse(answer).RootElement.GetProperty("result"));

        // Behind the proxy nobody sees the one that waited; with it, the call is another one.
        RequireWords(await _talk.CallAsync("3", "asked", $"{Shows},\"requestState\":\"{waiting}\""));
        Assert.Null(_talk.Authorizer.Judged.Last().Call.Continues);
        Passage passage = await _talk.CallAsync("4", "asked", $"{Shows},{Accept.Trim()},\"requestState\":\"{going}\"");

        Assert.True(_talk.Authorizer.Judged.Last().Decision.Continues);
        Assert.Equal(
            Talk.Call("4", "asked", $"{Shows},{Accept.Trim()},\"requestState\":\"the tool\\u0027s\""), Talk.Text(passage.Forward));
        await _talk.ResultAsync("4", """{"content":[],"resultType":"complete"}""");
        Assert.Equal([ToolCallOutcome.Succeeded], _talk.Outcomes);
    }

    /// <summary>With one key for all, another session or server would take what isn't its own for a return.</summary>
    [Theory]
    [InlineData("t", null)]
    [InlineData("s", "files")]
    public async Task It_comes_back_to_the_same_session_and_server(string session, string? server)
    {
        PolicyLayerKeys keys = new("k", new Dictionary<string, byte[]> { ["k"] = new byte[PolicyLayerKeys.KeyLength] });
        var sealer = new ContinuationSealer(keys, timeProvider: _talk.Clock);
        var there = new ToolCall("asked") { SessionId = session, Server = server };
        var here = new Talk(Policy, options => (options.ApprovalUrl, options.Keys) = ("https://desk.example/{id}", keys));

        string foreign = sealer.SealWaiting(there, "alice")!;
        string own = sealer.SealWaiting(there with { SessionId = "s", Server = null }, "alice")!;

        ResultOf(await here.CallAsync("1", "asked", $"{Shows},\"requestState\":\"{foreign}\"")).GetProperty("requestState");
        RequireWords(await here.CallAsync("2", "asked", $"{Shows},\"requestState\":\"{own}\""));
    }

    private static string Capable(string capabilities) =>
        Talk.Modern.Replace("Capabilities\":{}", $"Capabilities\":{capabilities}", StringComparison.Ordinal);

    private static JsonElement ResultOf(Passage passage)
    {
        Assert.Null(passage.Forward);
        return JsonDocument.Parse(passage.Answer!.Value).RootElement.GetProperty("result");
    }

    private static string StateOf(JsonElement result) => result.GetProperty("requestState").GetString()!;

    /// <summary>An ordinary denial that waits.</summary>
    private static void RequireWords(Passage passage, bool hasKind = true)
    {
        JsonElement result = ResultOf(passage);
        Assert.Equal(hasKind, result.TryGetProperty("resultType", out JsonElement kind));
        Assert.True(!hasKind || kind.ValueEquals("complete"));
        Assert.True(result.GetProperty("isError").GetBoolean());
        Assert.Contains(" Call again ", result.GetProperty("content")[0].GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.False(result.TryGetProperty("requestState", out _));
    }

    private async Task<string> SentBackAsync(string tool, string members, string id = "1")
    {
        JsonElement result = ResultOf(await _talk.CallAsync(id, tool, members));
        Assert.Equal("input_required", result.GetProperty("resultType").GetString());
        return StateOf(result);
    }

    private async Task ApproveAsync(string? id = null) =>
        await _talk.Approvals.ApproveAsync(id ?? Assert.Single(await _talk.Approvals.ListPendingAsync(10)).Id, new Approver("bob"));
}
