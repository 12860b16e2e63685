using System.Text.Json;
using PolicyLayer.Calls;
using PolicyLayer.Json.Clr;
using PolicyLayer.Json.Scanning;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Tests.Json;

public class JsonAllocationTests
{
    [Fact]
    public void Scanning_finding_and_comparing_allocate_nothing_when_warm()
    {
        var tape = new JsonTape();
        var work = new WorkBudget();
        var policy = new ScannedJson("""{"x":[1,2.50],"y":"text"}""");
        var buffer = new Utf8Buffer();
        var dictionary = new Dictionary<string, JsonElement> { ["amount"] = JsonElement.Parse("12.5") };
        byte[] utf8 =
            """{"file":"0b0a","n\u0061me":"\u0061 value","amount":12.500000000000000000000001,"o":{"y":"text","x":[1,2.5]}}"""u8
                .ToArray();

        Run();
        Run();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            Run();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Run()
        {
            bool right = JsonScanner.Scan(utf8, 64, tape) == JsonFault.None;
            var root = new JsonValue(utf8, tape);
            right &= root.TryGetProperty("name"u8, work, out JsonValue name) && name.StringEquals("a value"u8);
            right &= root.TryGetProperty("amount"u8, work, out JsonValue amount) && amount.Number.TryGetMillionths(out _);
            right &= JsonNumberComparison.Judge(NumericOperator.Greater, amount.Number, new JsonNumber("12.5"u8), work)
                == Judgement.Unjudgeable;
            right &= root.TryGetProperty("o"u8, work, out JsonValue o) && JsonEquality.Judge(o, policy.Root, tape, work) == Judgement.True;
            right &= JsonHash.Of(o) == JsonHash.Of(policy.Root);
            right &= ClrJsonWriter.Scan(dictionary, 64, buffer, tape) == JsonFault.None;
            if (!right)
            {
                throw new InvalidOperationException();
            }
        }
    }
}
