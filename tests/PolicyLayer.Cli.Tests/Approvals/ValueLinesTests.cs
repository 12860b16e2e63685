using System.Text.Json;
using PolicyLayer.Cli.Output;

namespace PolicyLayer.Tests.Cli.Approvals;

public sealed class ValueLinesTests
{
    [Theory]
    [InlineData("{}", "args = {}")]
    [InlineData("""{"a":[],"b":{}}""", "args.a = []", "args.b = {}")]
    [InlineData(
        """{"a":{"b":[1,{"c":null},[true,"x"]],"d":false},"e":"f"}""",
        "args.a.b[0] = 1",
        "args.a.b[1].c = null",
        "args.a.b[2][0] = true",
        "args.a.b[2][1] = \"x\"",
        "args.a.d = false",
        "args.e = \"f\"")]
    [InlineData(
        """{"n":9007199254740993,"m":1e400,"k":-0.10,"s":"5"}""",
        "args.n = 9007199254740993", "args.m = 1e400", "args.k = -0.10", "args.s = \"5\"")]
    [InlineData(
        """{"":1,"a b":2,"a.b":3,"a = 1":4}""",
        """args[""] = 1""", """args["a b"] = 2""", """args["a.b"] = 3""", """args["a = 1"] = 4""")]
    [InlineData("""{"a\"]\\":1}""", """args["a\"]\\"] = 1""")]
    [InlineData("""{"p\u0430th":"p\u0430th\u202e"}""", "args[\"p<U+0430>th\"] = \"p\u0430th<U+202E>\"")]
    [InlineData(
        """{"\ud800":"\udc00\ud83d\ude42\n\/\\\"\b\f\r\t"}""",
        "args[\"<U+D800>\"] = \"<U+DC00>🙂<U+000A>/\\\"<U+0008><U+000C><U+000D><U+0009>\"")]
    [InlineData("""{"a":"<U+202E>"}""", "args.a = \"<U+003C>U+202E>\"")]
    public void Each_value_stands_by_its_path(string json, params string[] expected)
    {
        using var document = JsonDocument.Parse(json);
        Assert.Equal(expected, ValueLines.Of("args", document.RootElement).Select(line => $"{line.Path} = {line.Text}"));
    }

    [Fact]
    public void It_goes_as_deep_as_the_value()
    {
        string json = new string('[', 5_000) + "7" + new string(']', 5_000);
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = int.MaxValue });
        ValueLine line = Assert.Single(ValueLines.Of("args", document.RootElement));
        Assert.Equal(("args" + string.Concat(Enumerable.Repeat("[0]", 5_000)), "7"), (line.Path, line.Text));
    }
}
