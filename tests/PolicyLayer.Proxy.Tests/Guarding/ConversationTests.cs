using System.Text;
using PolicyLayer.Proxy;
using PolicyLayer.Proxy.Guarding;
using PolicyLayer.Proxy.Messages;

namespace PolicyLayer.Tests.Proxy.Guarding;

/// <summary>What becomes of messages between a client and a server.</summary>
public sealed class ConversationTests
{
    private const string Document = """
        {
          "version": "1", "name": "p", "default": "deny", "hide": ["secret"],
          "tools": { "echo": {}, "once": { "limits": [{ "counter": "c", "max": 1, "window": "hour" }] } }
        }
        """;

    private readonly Conversation _conversation = new(
        new CallGuard(
            new ToolCallAuthorizer(Policy.Parse(Document), new ToolCallAuthorizerOptions { DefaultGrantId = "g" }), new McpProxyOptions()),
        new Caller(null, "process", "s", SessionSource.Process));

    [Fact]
    public async Task An_allowed_call_goes_on_byte_for_byte()
    {
        const string Call = """{ "jsonrpc":"2.0", "params":{"name":"echo","arguments":{"a":1.0}}, "method":"tools\/call", "id":1 }""";
        Passage passage = await SendAsync(Call);

        Assert.Equal(Call, Text(passage.Forward));
        Assert.Null(passage.Answer);
    }

    [Fact]
    public async Task A_hidden_tool_is_denied_by_a_result()
    {
        Passage passage = await SendAsync("""{"jsonrpc":"2.0","id":"x","method":"tools/call","params":{"name":"secret"}}""");

        Assert.Null(passage.Forward);
        Assert.StartsWith(
            """{"jsonrpc":"2.0","id":"x","result":{"content":[{"type":"text","text":"[POLICY DENIED]""", Text(passage.Answer));
    }

    [Fact]
    public async Task A_list_keeps_its_bytes_but_for_what_is_hidden()
    {
        await SendAsync("""{"jsonrpc":"2.0","id":7,"method":"tools/list"}""");
        ReadOnlyMemory<byte>? list = await AnswerAsync(
            """{"jsonrpc":"2.0","id":7,"result":{"tools":[ {"name":"secret"} , {"name":"echo","x":[1, 2]},{"name":"secret"}],"n":null}}""");

        Assert.Equal("""{"jsonrpc":"2.0","id":7,"result":{"tools":[ {"name":"echo","x":[1, 2]}],"n":null}}""", Text(list));
    }

    private static string? Text(ReadOnlyMemory<byte>? bytes) => bytes is { } text ? Encoding.UTF8.GetString(text.Span) : null;

    private ValueTask<Passage> SendAsync(string message) =>
        _conversation.FromClientAsync(MessageReader.Read(Encoding.UTF8.GetBytes(message)).Message!, CancellationToken.None);

    private ValueTask<ReadOnlyMemory<byte>?> AnswerAsync(string message) =>
        _conversation.FromServerAsync(MessageReader.Read(Encoding.UTF8.GetBytes(message)).Message!, CancellationToken.None);
}
