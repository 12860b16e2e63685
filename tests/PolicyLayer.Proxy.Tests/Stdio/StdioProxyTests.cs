using System.Text;
using PolicyLayer.Proxy;

namespace PolicyLayer.Tests.Proxy.Stdio;

/// <summary>What reaches a server over standard input and output, and what comes back.</summary>
public sealed class StdioProxyTests
{
    [Fact]
    public async Task All_that_is_allowed_goes_on_byte_for_byte()
    {
        await using var run = new ProxyRun();
        string[] lines =
        [
            """ { "jsonrpc":"2.0" , "id":"aé" ,"method":"tools\/call","params":{"arguments":{"a":1.50,"a\u0062":[ ]},"name":"echo"}} """,
            """{"jsonrpc":"2.0","id":2,"method":"resources/list","params":{}}""",
            """{"jsonrpc":"2.0","method":"notifications/odd","params":{"é":"ü"}}""",
            """{"jsonrpc":"2.0","id":3,"method":"ping"}""",
        ];

        string echoed = await run.AskAsync(lines[0]);
        await run.AskAsync(lines[1]);
        await run.SendAsync(lines[2]);
        await run.AskAsync(lines[3]);

        Assert.Equal(
            """{"jsonrpc":"2.0","id":"aé","result":{"content":[{"type":"text","text":"echo"}],"structuredContent":"""
            + """{"a":1.50,"a\u0062":[ ]}}}""",
            echoed);
        Assert.True(await run.CloseAsync());
        Assert.Equal(lines, run.Recorded);
    }

    [Fact]
    public async Task A_denial_is_an_answer_and_reaches_no_server()
    {
        await using var run = new ProxyRun();
        string denied = await run.AskAsync(ProxyRun.Call("1", "secret", """{"key":"geheim"}"""));
        await run.AskAsync(ProxyRun.Call("2", "echo"));

        Assert.StartsWith("""{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"[POLICY DENIED]""", denied);
        Assert.Equal([ProxyRun.Call("2", "echo")], run.Recorded);
        Assert.DoesNotContain("geheim", run.Log + denied);
    }

    [Fact]
    public async Task Hidden_tools_are_not_listed()
    {
        await using var run = new ProxyRun();
        string list = await run.AskAsync("""{"jsonrpc":"2.0","id":1,"method":"tools/list"}""");

        Assert.Contains("\"echo\"", list);
        Assert.Contains("\"slow\"", list);
        Assert.DoesNotContain("secret", list);
    }

    [Fact]
    public async Task A_call_behind_a_carriage_return_is_refused()
    {
        await using var run = new ProxyRun();
        string hidden = $"\r{ProxyRun.Call("2", "secret")}\r";
        string refused = await run.AskAsync("""{"jsonrpc":"2.0","id":1,"method":"ping","params":""" + hidden + "}");
        await run.AskAsync(ProxyRun.Call("3", "echo"));

        Assert.StartsWith("""{"jsonrpc":"2.0","id":1,"error":{"code":-32700""", refused);
        Assert.Equal([ProxyRun.Call("3", "echo")], run.Recorded);
        Assert.Contains("Refused: ", run.Log);
    }

    [Fact]
    public async Task A_line_that_is_too_long_is_refused_and_the_next_one_is_not()
    {
        await using var run = new ProxyRun(configure: options => options.MaxMessageBytes = 1024);
        string refused = await run.AskAsync(ProxyRun.Call("1", "echo", $"\"{new string('x', 300_000)}\""));
        string answer = await run.AskAsync(ProxyRun.Call("2", "echo"));

        Assert.StartsWith("""{"jsonrpc":"2.0","id":1,"error":{"code":-32600""", refused);
        Assert.Contains("\"id\":2,\"result\"", answer);
        Assert.Equal([ProxyRun.Call("2", "echo")], run.Recorded);
    }

    [Theory]
    [InlineData("""[{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo"}}]""", "null")]
    [InlineData("""{"jsonrpc":"2.0","method":"tools/call","params":{"name":"echo"}}""", "null")]
    [InlineData("""{"jsonrpc":"2.0","id":1.5,"method":"tools/call","params":{"name":"echo"}}""", "null")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","name":"secret"}}""", "1")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"id":2,"result":{}}""", "null")]
    [InlineData("nonsense", "null")]
    public async Task What_is_refused_is_answered_once_and_goes_no_further(string line, string id)
    {
        await using var run = new ProxyRun();
        string refused = await run.AskAsync(line);
        string next = await run.AskAsync(ProxyRun.Call("7", "echo"));

        Assert.StartsWith($$"""{"jsonrpc":"2.0","id":{{id}},"error":""", refused);
        Assert.Contains("\"id\":7,\"result\"", next);
        Assert.Equal([ProxyRun.Call("7", "echo")], run.Recorded);
        Assert.Contains("Refused: ", run.Log);
    }

    [Fact]
    public async Task A_line_without_an_end_is_no_message()
    {
        await using var run = new ProxyRun();
        await run.AskAsync(ProxyRun.Call("1", "echo"));
        await run.SendRawAsync(Encoding.UTF8.GetBytes(ProxyRun.Call("2", "echo")));

        Assert.True(await run.CloseAsync());
        Assert.Equal([ProxyRun.Call("1", "echo")], run.Recorded);
    }

    [Fact]
    public async Task What_the_server_says_that_is_no_message_is_not_passed_on()
    {
        await using var run = new ProxyRun();
        string answer = await run.AskAsync(ProxyRun.Call("1", "garbage"));
        string next = await run.AskAsync(ProxyRun.Call("2", "echo"));

        Assert.StartsWith("""{"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"The server""", answer);
        Assert.Contains("\"id\":2,\"result\"", next);
        Assert.Contains("Unreadable: ", run.Log);
    }

    [Fact]
    public async Task A_batch_of_the_servers_ends_the_wait_for_what_it_answers()
    {
        await using var run = new ProxyRun();

        Assert.Equal(
            """{"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"The server\u0027s answer couldn\u0027t be read."}}""",
            await run.AskAsync(ProxyRun.Call("1", "batch")));
        Assert.Contains("Unreadable: ", run.Log);
    }

    [Fact]
    public async Task An_answer_of_the_servers_that_is_too_long_is_not_passed_on()
    {
        await using var run = new ProxyRun(configure: options => options.MaxMessageBytes = 100_000);
        string whole = await run.AskAsync(ProxyRun.Call("1", "big", """{"size":90000}"""));
        string refused = await run.AskAsync(ProxyRun.Call("2", "big", """{"size":110000}"""));
        string next = await run.AskAsync(ProxyRun.Call("3", "echo"));

        Assert.Contains(new string('x', 90_000), whole);
        Assert.StartsWith("""{"jsonrpc":"2.0","id":2,"error":{"code":-32603""", refused);
        Assert.Contains("\"id\":3,\"result\"", next);
        Assert.Contains("Unreadable: ", run.Log);
    }

    [Fact]
    public async Task The_client_answers_what_the_server_asks()
    {
        await using var run = new ProxyRun();
        await run.SendAsync(ProxyRun.Call("1", "ask"));

        Assert.Equal("""{"jsonrpc":"2.0","id":0,"method":"roots/list"}""", await run.ReadAsync());
        Assert.Contains("\"id\":1,\"result\"", await run.ReadAsync());
        string told = await run.AskAsync("""{"jsonrpc":"2.0","id":0,"result":{"roots":[1]}}""");
        Assert.Contains("""{"level":"info","data":{"roots":[1]}}""", told);
    }

    [Fact]
    public async Task The_proxys_secrets_are_not_the_servers()
    {
        Environment.SetEnvironmentVariable("POLICYLAYER_TEST_SECRET", "geheim");
        Environment.SetEnvironmentVariable("NO_POLICYLAYER_SECRET", "offen");
        await using var run = new ProxyRun();
        string names = await run.AskAsync(ProxyRun.Call("1", "environment"));

        Assert.DoesNotContain(" POLICYLAYER_", names);
        Assert.Contains("NO_POLICYLAYER_SECRET", names);
    }
}
