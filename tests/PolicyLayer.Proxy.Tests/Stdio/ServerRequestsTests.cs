using System.Text;
using PolicyLayer.Proxy.Messages;
using PolicyLayer.Proxy.Stdio;

namespace PolicyLayer.Tests.Proxy.Stdio;

/// <summary>What servers ask the client, one after the other.</summary>
public sealed class ServerRequestsTests
{
    private const string Ask = """{"jsonrpc":"2.0","id":0,"method":"roots/list"}""";

    private readonly ServerRequests _requests = new();

    [Fact]
    public void The_first_servers_go_on_as_they_are()
    {
        Assert.Equal(Ask, ToClient(Ask));
        Assert.Equal("""{"jsonrpc":"2.0","id":0,"result":{}}""", ToServer("""{"jsonrpc":"2.0","id":0,"result":{}}"""));
    }

    [Fact]
    public void An_answer_to_one_server_is_none_to_the_next()
    {
        ToClient(Ask);
        _requests.Clear();
        Assert.Equal("""{"jsonrpc":"2.0","id":"policylayer-1","method":"roots/list"}""", ToClient(Ask));

        Assert.Null(ToServer("""{"jsonrpc":"2.0","id":0,"result":{"roots":["of the first"]}}"""));
        Assert.Equal(
            """{"jsonrpc":"2.0", "id":0,"result":{"roots":[]}}""",
            ToServer("""{"jsonrpc":"2.0", "id":"policylayer-1","result":{"roots":[]}}"""));
        Assert.Null(ToServer("""{"jsonrpc":"2.0","id":"policylayer-1","result":{"roots":[]}}"""));
    }

    [Fact]
    public void A_cancellation_is_about_the_same_request()
    {
        _requests.Clear();
        ToClient(Ask);

        Assert.Equal(
            """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"policylayer-1","reason":"r"}}""",
            ToClient("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":0,"reason":"r"}}"""));
        Assert.Equal(
            """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}}""",
            ToClient("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}}"""));
        Assert.Null(ToServer("""{"jsonrpc":"2.0","id":"policylayer-1","result":{}}"""));
    }

    [Fact]
    public void A_server_asks_no_more_than_so_much()
    {
        _requests.Clear();
        string?[] asked = [.. Enumerable.Range(0, 4097).Select(i => ToClient($$"""{"jsonrpc":"2.0","id":{{i}},"method":"roots/list"}"""))];

        Assert.NotNull(asked[4095]);
        Assert.Null(asked[4096]);
    }

    private static JsonRpcMessage Read(string text) => MessageReader.Read(Encoding.UTF8.GetBytes(text)).Message!;

    private static string? Text(ReadOnlyMemory<byte>? bytes) => bytes is { } text ? Encoding.UTF8.GetString(text.Span) : null;

    private string? ToClient(string text) => Text(_requests.ToClient(Read(text)));

    private string? ToServer(string text) => Text(_requests.ToServer(Read(text)));
}
