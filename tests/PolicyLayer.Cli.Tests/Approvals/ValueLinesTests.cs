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
        Assert.Equal(expected, LinesOf(document.RootElement));
    }

    [Theory]
    [InlineData("א")]
    [InlineData("a ﷽ b")]
    [InlineData("𞤀")]
    public void Text_from_right_to_left_says_so(string text)
    {
        using var document = JsonDocument.Parse($$"""{"a":"{{text}}","b":"é日🙂"}""");
        Assert.Equal([$"args.a = \"{text}\" (has right-to-left text)", "args.b = \"é日🙂\""], LinesOf(document.RootElement));
    }

    [Fact]
    public void A_long_path_is_written_once_and_then_its_number()
    {
        string name = new('k', 60);
        using var document = JsonDocument.Parse(
            $$"""{"{{name}}":{"a":[1,[]],"{{name}}":[],"c":2},"{{name[1..]}}":{"d":3},"e f":{"{{name}}":[{"g":4}]} }""");
        Assert.Equal(
            [
                $"#1 is args.{name}",
                "#1.a[0] = 1",
                "#1.a[1] = []",
                $"#1.{name} = []",
                "#1.c = 2",
                $"args.{name[1..]}.d = 3",
                $"#2 is args[\"e f\"].{name}",
                "#2[0].g = 4",
            ],
            LinesOf(document.RootElement));
    }

    /// <summary>An agent chooses names and depth: repeated in every line, they make much of little.</summary>
    [Theory]
    [InlineData(300_000, 1, 60_000)]
    [InlineData(56, 1, 100_000)]
    [InlineData(100, 1_000, 100)]
    [InlineData(0, 2_000, 1)]
    public void What_is_written_is_linear_in_the_value(int nameLength, int depth, int count)
    {
        string name = new('k', nameLength);
        string open = string.Concat(Enumerable.Repeat($$"""{"{{name}}":""", depth));
        string json = $"{open}[{string.Join(',', Enumerable.Repeat('0', count))}]{new string('}', depth)}";
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = int.MaxValue });
        long written = 0;
        new ValueLines(line => written += line.Length + 1).Write("args", document.RootElement);
        Assert.InRange(written, json.Length / 2, json.Length * 40L);
    }

    [Fact]
    public void It_goes_as_deep_as_the_value()
    {
        string json = new string('[', 5_000) + "7" + new string(']', 5_000);
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = int.MaxValue });
        List<string> lines = LinesOf(document.RootElement);
        Assert.Equal($"#1 is args{string.Concat(Enumerable.Repeat("[0]", 21))}", lines[0]);
        Assert.Equal(5_000, lines.Sum(line => line.Split("[0]").Length - 1));
        Assert.EndsWith("[0] = 7", lines[^1], StringComparison.Ordinal);
    }

    private static List<string> LinesOf(JsonElement value)
    {
        var lines = new List<string>();
        new ValueLines(lines.Add).Write("args", value);
        return lines;
    }
}
