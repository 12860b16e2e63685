namespace PolicyLayer.Tests.Proxy.Http;

/// <summary>What of a client's messages reaches the server, and what comes back.</summary>
public sealed class PassageTests
{
    [Fact]
    public async Task An_allowed_call_and_its_answer_pass_byte_for_byte()
    {
        await using Guarded guarded = await Guarded.StartAsync();
        const string Body = "\n{ \"id\" : 1, \"method\":\"tools\\/call\",\"jsonrpc\":\"2.0\" ,\"params\":{\"name\":\"echo\",\"é\":1e2} } ";

        (int status, string text) = await guarded.PostAsync(Body);

        Assert.Equal((200, RecordingServer.Result), (status, text));
        Assert.Equal(Body, guarded.Server.Last.Text);
        Assert.Equal("/up?key=1", guarded.Server.Last.Target);
    }

    [Fact]
    public async Task A_denial_is_a_result_and_reaches_no_server()
    {
        await using Guarded guarded = await Guarded.StartAsync();

        (int status, string text) = await guarded.PostAsync(Guarded.Call("secret", "\"x\""));

        Assert.Equal(200, status);
        Assert.StartsWith("""{"jsonrpc":"2.0","id":"x","result":{"content":[{"type":"text","text":"[POLICY DENIED]""", text);
        Assert.Empty(guarded.Server.Requests);
    }
}
