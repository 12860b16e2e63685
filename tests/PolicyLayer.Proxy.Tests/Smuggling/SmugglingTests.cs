using System.Text;
using PolicyLayer.Proxy.Guarding;
using PolicyLayer.Proxy.Messages;
using PolicyLayer.Tests.Proxy.Guarding;

namespace PolicyLayer.Tests.Proxy.Smuggling;

/// <summary>
/// Valid messages are damaged at random and sent through the proxy's core. INVARIANT: in what goes on no reader of a panel sees a call that
/// wasn't judged and allowed, or a tool that is hidden; and what is allowed goes on byte for byte.
/// </summary>
public sealed class SmugglingTests
{
    private const int Seed = 16_000;

    private const string Policy = """
        {
          "version": "1", "name": "p", "default": "deny", "hide": ["secret"],
          "tools": {
            "echo": {
              "arguments": { "type": "object", "maxProperties": 3, "properties": { "text": { "type": "string", "maxLength": 20 } } }
            }
          }
        }
        """;

    private static readonly string[] Names =
    [
        "jsonrpc", "id", "method", "params", "result", "error", "name", "arguments", "_meta", "requestState", "inputResponses", "x",
        "tools", "text", "cacheScope", "Method", "Name", "Params", "Tools", "__proto__", "",
    ];

    private static readonly string[] Values =
    [
        "\"tools/call\"", "\"Tools/Call\"", "\"tools/call \"", "\"ping\"", "\"secret\"", "\"echo\"", "1", "2", "\"1\"", "null", "true",
        "1.0", "-0", "1e3", "9007199254740993", "{}", "[]", "{\"name\":\"secret\",\"arguments\":{}}", "[{\"name\":\"secret\"}]",
        "{\"name\":\"echo\",\"arguments\":{\"text\":\"x\"}}", "{\"text\":\"a text that is far too long\"}", "\"public\"",
        "{\"jsonrpc\":\"2.0\",\"id\":9,\"method\":\"tools/call\",\"params\":{\"name\":\"secret\"}}",
    ];

    private static readonly Node[] Messages =
    [
        Node.Parse(
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{"text":"hello","n":[1,{"a":null}]}}}"""),
        Node.Parse("""{"jsonrpc":"2.0","id":"a","method":"tools/call","params":{"name":"echo"}}"""),
        Node.Parse($$"""{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"echo","arguments":{"k":1},{{Talk.Modern}} } }"""),
        Node.Parse("""{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"secret","arguments":{}}}"""),
        Node.Parse("""{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"other","arguments":{}}}"""),
        Node.Parse("""{"jsonrpc":"2.0","id":4,"method":"prompts/get","params":{"name":"secret","arguments":{}}}"""),
        Node.Parse("""{"jsonrpc":"2.0","id":4,"method":"tools/list","params":{"_meta":{"progressToken":1}}}"""),
        Node.Parse("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7,"reason":"x"}}"""),
        Node.Parse("""{"jsonrpc":"2.0","id":1,"result":{"content":{"method":"tools/call","params":{"name":"secret"}}}}"""),
        Node.Parse(
            """{"jsonrpc":"2.0","id":5,"method":"ping","x":{"jsonrpc":"2.0","id":6,"method":"tools/call","params":{"name":"secret"}}}"""),
    ];

    private static readonly Node[] Lists =
    [
        Node.Parse("""{"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"secret","inputSchema":{}},{"name":"echo","inputSchema":{}}]}}"""),
        Node.Parse(
            """{"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"echo"},{"name":"secret"},{"name":"secret"}],"nextCursor":"x"}}"""),
        Node.Parse(
            """{"id":1,"result":{"resultType":"complete","ttlMs":30000,"cacheScope":"public","tools":[{"title":"s","name":"secret"}]}}"""),
        Node.Parse("""{"id":1,"result":{"tools":[[{"name":"secret"}],{"x":{"name":"secret"},"name":"echo"},null,"secret"]}}"""),
    ];

    private readonly Talk _talk = new(Policy);

    [Fact]
    public async Task No_reader_sees_a_call_that_was_not_judged()
    {
        List<PassedOn> passed = await PassOnCallsAsync();

        Assert.InRange(passed.Count, Cases.Count / 5, Cases.Count * 3);
        Assert.InRange(passed.Count(item => item.Tool is not null), Cases.Count / 20, Cases.Count);
    }

    [Fact]
    public async Task No_reader_sees_a_tool_that_is_hidden() =>
        Assert.InRange((await PassOnListsAsync()).Count, Cases.Count / 5, Cases.Count);

    [ProgramFact("node", isRequired: true)]
    public async Task Node_sees_neither() =>
        await ScriptPanel.AssertNodeAsync([.. await PassOnCallsAsync(), .. await PassOnListsAsync()]);

    [ProgramFact("python3", isRequired: false)]
    public async Task Python_sees_neither() =>
        await ScriptPanel.AssertPythonAsync([.. await PassOnCallsAsync(), .. await PassOnListsAsync()]);

    private async Task<List<PassedOn>> PassOnCallsAsync()
    {
        var random = new Random(Seed);
        var damage = new Damage(random, Names, Values);
        List<PassedOn> passed = [];
        for (int i = 0; i < Cases.Count; i++)
        {
            byte[] bytes = damage.Apply(Pick(random, Messages), Pick(random, Messages));
            bool isLine = random.Next(2) == 0;
            _talk.Conversation = _talk.Open("alice");
            foreach (byte[] text in isLine ? Lines(bytes) : [bytes])
            {
                passed.AddRange(await PassOnAsync(text, isLine, i));
            }

            await AssertAllowedPassAsync(damage.Write(Messages[random.Next(3)], isLine));
        }

        return passed;
    }

    private async Task<List<PassedOn>> PassOnListsAsync()
    {
        var random = new Random(Seed + 1);
        var damage = new Damage(random, Names, Values);
        List<PassedOn> passed = [];
        for (int i = 0; i < Cases.Count; i++)
        {
            byte[] bytes = damage.Apply(Pick(random, Lists), Pick(random, Lists));
            _talk.Conversation = _talk.Open("alice");
            await _talk.SendAsync(
                $$"""{"id":1,"method":"{{(random.Next(2) == 0 ? "tools/list" : "ping")}}","params":{ {{Talk.Modern}} } }""");
            foreach (byte[] line in Lines(bytes))
            {
                ReadResult result = MessageReader.ReadServer(line);
                if (result.IsValid && await _talk.Conversation.FromServerAsync(result.Message, CancellationToken.None) is { } text)
                {
                    Assert.True(MessageReader.ReadServer(text).IsValid);
                    Assert.True(!Seen.Tools(text).Contains("secret"), $"Case {i}: {Talk.Text(text)}");
                    passed.Add(new PassedOn(text.ToArray(), IsLine: true, Tool: null, Arguments: null) { IsList = true });
                }
            }
        }

        return passed;
    }

    private async Task<IEnumerable<PassedOn>> PassOnAsync(byte[] text, bool isLine, int i)
    {
        ReadResult result = MessageReader.Read(text);
        if (!result.IsValid)
        {
            return [];
        }

        _talk.Authorizer.Judged.Clear();
        Passage passage = await _talk.Conversation.FromClientAsync(result.Message, CancellationToken.None);
        if (passage.Forward is not { } forward)
        {
            return [];
        }

        PassedOn item = new(forward.ToArray(), isLine, null, null);
        if (_talk.Authorizer.Judged.TryPeek(out (ToolCall Call, ToolCallDecision Decision) judged))
        {
            Assert.True(judged.Decision.IsAllowed && judged.Call.ToolName == "echo");
            item = item with { Tool = judged.Call.ToolName, Arguments = JudgedArguments.Of(judged.Call) };
        }

        string? arguments = item.Arguments is null ? null : Node.TryParse(item.Arguments)!.Canonical();
        foreach ((string? tool, string? seen) in Seen.Calls(forward, isLine))
        {
            Assert.True(
                item.Tool is not null && tool == item.Tool && seen == arguments, $"Case {i}: {Encoding.UTF8.GetString(forward.Span)}");
        }

        return [item];
    }

    private async Task AssertAllowedPassAsync(string message)
    {
        Conversation fresh = _talk.Open("alice");
        Passage passage = await fresh.FromClientAsync(Talk.Read(message), CancellationToken.None);
        Assert.Equal(message, Talk.Text(passage.Forward));
    }

    // As a stream of lines is read: a line with a carriage return inside is refused.
    private static IEnumerable<byte[]> Lines(byte[] bytes)
    {
        int start = 0;
        while (start < bytes.Length)
        {
            int length = bytes.AsSpan(start).IndexOf((byte)'\n');
            int end = length < 0 ? bytes.Length : start + length;
            byte[] line = bytes[start..(end > start && bytes[end - 1] == '\r' ? end - 1 : end)];
            start = end + 1;
            if (!line.Contains((byte)'\r'))
            {
                yield return line;
            }
        }
    }

    private static Node Pick(Random random, Node[] from) => from[random.Next(from.Length)];
}
