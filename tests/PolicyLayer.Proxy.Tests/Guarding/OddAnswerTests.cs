using System.Text;
using PolicyLayer.Proxy.Guarding;
using PolicyLayer.Proxy.Messages;

namespace PolicyLayer.Tests.Proxy.Guarding;

/// <summary>Answers whose ids or texts are written in odd ways reach who waits for them, and hide nothing.</summary>
public sealed class OddAnswerTests
{
    private readonly Talk _talk = new();

    [Theory]
    [InlineData("13", "13.0")]
    [InlineData("13", "1.3e1")]
    [InlineData("13", "\"13\"")]
    [InlineData("\"13\"", "13")]
    [InlineData("1000000000000000", "\"1000000000000000\"")]
    public async Task An_answer_may_write_its_id_otherwise(string request, string answer)
    {
        await _talk.CallAsync(request, "echo");
        string text = $$"""{"jsonrpc":"2.0","id":{{answer}},"result":{} }""";

        Assert.Equal(text, await AnswerAsync(Encoding.UTF8.GetBytes(text)));
        Assert.True(_talk.Conversation.IsIdle);
        Assert.Equal([ToolCallOutcome.Succeeded], _talk.Outcomes);
        Assert.Null(await AnswerAsync(Encoding.UTF8.GetBytes(text)));
    }

    [Theory]
    [InlineData("13", "\"013\"")]
    [InlineData("13", "\"13.0\"")]
    [InlineData("\"1e1\"", "10")]
    public async Task Another_id_is_no_other_spelling(string request, string answer)
    {
        await _talk.CallAsync(request, "echo");

        Assert.Null(await AnswerAsync(Encoding.UTF8.GetBytes($$"""{"jsonrpc":"2.0","id":{{answer}},"result":{} }""")));
    }

    [Fact]
    public async Task Of_two_spellings_one_is_in_flight_and_has_the_answer()
    {
        await _talk.CallAsync("13", "echo");
        Assert.Equal(MessageFault.IdInUse, (await _talk.CallAsync("\"13\"", "echo")).Fault);
        await _talk.SendAsync("""{"method":"notifications/cancelled","params":{"requestId":"13"}}""");

        Assert.False(_talk.Conversation.IsIdle);
        Assert.NotNull(await AnswerAsync("{\"jsonrpc\":\"2.0\",\"id\":\"13\",\"result\":{}}"u8.ToArray()));
        Assert.True(_talk.Conversation.IsIdle);
    }

    [Fact]
    public async Task A_tool_whose_name_is_not_the_same_for_all_is_not_called()
    {
        Passage passage = await _talk.CallAsync("1", "ec\\ud800ho");

        Assert.Null(passage.Forward);
        Assert.Equal(MessageFault.NoTool, passage.Fault);
    }

    [Fact]
    public async Task Arguments_with_a_lone_surrogate_are_denied_by_a_result()
    {
        Passage passage = await _talk.CallAsync("1", "echo", "\"arguments\":{\"a\":\"cut \\ud83d here\"}");

        Assert.Null(passage.Forward);
        Assert.StartsWith("""{"jsonrpc":"2.0","id":1,"result":""", Talk.Text(passage.Answer));
    }

    [Fact]
    public async Task A_tool_whose_name_is_not_the_same_for_all_is_not_shown()
    {
        await _talk.SendAsync("""{"jsonrpc":"2.0","id":1,"method":"tools/list"}""");
        byte[] list =
        [
            .. "{\"id\":1,\"result\":{\"tools\":[{\"name\":\"echo\",\"title\":\""u8, 0xFF,
            .. "\"},{\"name\":\"other\",\"na"u8, 0xFF, .. "me\":\"x\"},{\"name\":\"other\\ud800\"}]}}"u8,
        ];
        byte[] shown = [.. "{\"id\":1,\"result\":{\"tools\":[{\"name\":\"echo\",\"title\":\""u8, 0xFF, .. "\"}]}}"u8];

        ReadOnlyMemory<byte>? passed = await _talk.Conversation.FromServerAsync(
            MessageReader.ReadServer(list).Message!, CancellationToken.None);

        Assert.Equal(shown, passed!.Value.ToArray());
    }

    private async Task<string?> AnswerAsync(byte[] text) =>
        Talk.Text(await _talk.Conversation.FromServerAsync(MessageReader.ReadServer(text).Message!, CancellationToken.None));
}
