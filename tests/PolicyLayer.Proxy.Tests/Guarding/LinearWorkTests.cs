using System.Text;
using PolicyLayer.Proxy.Messages;

namespace PolicyLayer.Tests.Proxy.Guarding;

/// <summary>What messages cost grows as they do: four times as long, about four times the memory, which is counted on this thread.</summary>
public sealed class LinearWorkTests
{
    private const int Short = 20_000;

    public static TheoryData<string> Shapes => ["names", "escaped names", "long name", "likened names", "arguments", "tools", "hidden tools", "tool's names"];

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Four_times_as_long_costs_four_times_as_much(string shape)
    {
        long once = await CostAsync(shape, Short);
        long fourTimes = await CostAsync(shape, 4 * Short);

        Assert.InRange(fourTimes, once, 6 * once);
    }

    private static async Task<long> CostAsync(string shape, int count)
    {
        string names = string.Join(',', Enumerable.Range(0, count).Select(i => $"\"n{i}\":0"));
        string message = shape switch
        {
            "names" => $$"""{"id":1,"method":"tools/call","params":{"name":"echo",{{names}} } }""",
            "escaped names" => $$"""{"id":1,"method":"ping","params":{ {{names.Replace("n", "\\u006e", StringComparison.Ordinal)}} } }""",
            "long name" => $$"""{"id":1,"method":"ping","{{new string('x', 10 * count)}}":0}""",
            "likened names" => $$"""{"id":1,"method":"ping",{{names.Replace("n", "\\u200B", StringComparison.Ordinal)}} }""",
            "arguments" => $$"""{"id":1,"method":"tools/call","params":{"name":"echo","arguments":{ {{names}} } } }""",
            "tools" => List("""{"name":"echo"}""", count),
            "hidden tools" => List("""{"name":"echo"},{"name":"secret"}""", count),
            _ => List($$"""{"name":"echo",{{names}} }""", 1),
        };
        byte[] bytes = Encoding.UTF8.GetBytes(message);
        var talk = new Talk();
        await PassAsync(talk, Encoding.UTF8.GetBytes(List("{}", 1)));
        long before = GC.GetAllocatedBytesForCurrentThread();
        await PassAsync(talk, bytes);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static async Task PassAsync(Talk talk, byte[] bytes)
    {
        JsonRpcMessage message = MessageReader.Read(bytes).Message!;
        if (message.Kind == MessageKind.Response)
        {
            await talk.SendAsync("""{"id":1,"method":"tools/list"}""");
            Assert.NotNull(await talk.Conversation.FromServerAsync(message, CancellationToken.None));
        }
        else
        {
            Assert.NotNull((await talk.Conversation.FromClientAsync(message, CancellationToken.None)).Forward);
        }
    }

    private static string List(string tools, int count) =>
        $$"""{"id":1,"result":{"tools":[{{string.Join(',', Enumerable.Repeat(tools, count))}}] } }""";
}
