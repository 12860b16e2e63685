using System.Text;
using FsCheck.Xunit;
using PolicyLayer.Json.Scanning;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Tests.Json;

public class JsonScannerTests
{
    private readonly JsonTape _tape = new();

    [Property(Arbitrary = [typeof(JsonGenerators)], MaxTest = 4000)]
    public void Accepts_what_a_naive_reader_accepts(MutatedDocument document) =>
        Assert.Equal(
            NaiveJson.IsOneObject(document.Utf8), JsonScanner.Scan(document.Utf8, 64, _tape) == JsonFault.None);

    [Theory]
    [InlineData("{}", JsonFault.None)]
    [InlineData(" {\"a\" : [ 1 , {\"b\":null} ] }\n", JsonFault.None)]
    [InlineData("", JsonFault.Malformed)]
    [InlineData("[]", JsonFault.Malformed)]
    [InlineData("null", JsonFault.Malformed)]
    [InlineData("\"{}\"", JsonFault.Malformed)]
    [InlineData("{}{}", JsonFault.Malformed)]
    [InlineData("{} x", JsonFault.Malformed)]
    [InlineData("{}\0", JsonFault.Malformed)]
    [InlineData("\uFEFF{}", JsonFault.Malformed)]
    [InlineData("{\"a\":1,}", JsonFault.Malformed)]
    [InlineData("{,\"a\":1}", JsonFault.Malformed)]
    [InlineData("{\"a\":[1,]}", JsonFault.Malformed)]
    [InlineData("{\"a\":[,1]}", JsonFault.Malformed)]
    [InlineData("{\"a\":[1}", JsonFault.Malformed)]
    [InlineData("{\"a\":1]", JsonFault.Malformed)]
    [InlineData("{\"a\" 1}", JsonFault.Malformed)]
    [InlineData("{\"a\":}", JsonFault.Malformed)]
    [InlineData("{\"a\":1 \"b\":2}", JsonFault.Malformed)]
    [InlineData("{a:1}", JsonFault.Malformed)]
    [InlineData("{/**/}", JsonFault.Malformed)]
    [InlineData("{\"a\":\"\t\"}", JsonFault.Malformed)]
    [InlineData("{\"a\":\"\u007F\"}", JsonFault.None)]
    [InlineData("{\"a\":\"\\x\"}", JsonFault.Malformed)]
    [InlineData("{\"a\":\"\\u12\"}", JsonFault.Malformed)]
    [InlineData("{\"a\":\"\\ud800\"}", JsonFault.Malformed)]
    [InlineData("{\"a\":\"\\udc00\"}", JsonFault.Malformed)]
    [InlineData("{\"a\":\"\\ud800\\u0041\"}", JsonFault.Malformed)]
    [InlineData("{\"a\":\"\\udc00\\ud800\"}", JsonFault.Malformed)]
    [InlineData("{\"a\":\"\\ud800 \\udc00\"}", JsonFault.Malformed)]
    [InlineData("{\"a\":\"\\ud800\\udc00\"}", JsonFault.None)]
    [InlineData("{\"\\ud800\":1}", JsonFault.Malformed)]
    [InlineData("{\"a\":01}", JsonFault.Malformed)]
    [InlineData("{\"a\":-}", JsonFault.Malformed)]
    [InlineData("{\"a\":+1}", JsonFault.Malformed)]
    [InlineData("{\"a\":.5}", JsonFault.Malformed)]
    [InlineData("{\"a\":5.}", JsonFault.Malformed)]
    [InlineData("{\"a\":5e}", JsonFault.Malformed)]
    [InlineData("{\"a\":5e+}", JsonFault.Malformed)]
    [InlineData("{\"a\":0x1}", JsonFault.Malformed)]
    [InlineData("{\"a\":NaN}", JsonFault.Malformed)]
    [InlineData("{\"a\":truE}", JsonFault.Malformed)]
    [InlineData("{\"a\":nul", JsonFault.Malformed)]
    [InlineData("{\"a\":-0.0e-0}", JsonFault.None)]
    public void Is_strict(string json, object fault) => Assert.Equal(fault, Scan(json));

    [Theory]
    [InlineData("C0AF")] // overlong
    [InlineData("E08080")]
    [InlineData("EDA080")] // a surrogate
    [InlineData("F4908080")] // beyond U+10FFFF
    [InlineData("E282")] // cut
    [InlineData("80")]
    [InlineData("FF")]
    public void Refuses_invalid_utf8_anywhere_in_names_and_strings(string hex)
    {
        foreach (int padding in new[] { 0, 5, 15, 16, 17, 40 })
        {
            byte[] invalid = [.. Encoding.ASCII.GetBytes(new string('x', padding)), .. Convert.FromHexString(hex)];
            Assert.Equal(JsonFault.Malformed, JsonScanner.Scan([.. "{\"a\":\""u8, .. invalid, .. "\"}"u8], 64, _tape));
            Assert.Equal(
                JsonFault.Malformed,
                JsonScanner.Scan([.. "{\""u8, .. invalid, .. "\":\"and more than a block behind\"}"u8], 64, _tape));
        }
    }

    [Theory]
    [InlineData("""{"a":1,"a":1}""")]
    [InlineData("""{"a":1,"\u0061":1}""")]
    [InlineData("""{"x":{"y":[0,{"a":{},"b":1,"a":2}]}}""")]
    [InlineData("""{"😀":1,"\ud83d\ude00":1}""")]
    [InlineData("""{"":1,"":1}""")]
    [InlineData("""{"a/":1,"a\/":1}""")]
    [InlineData("""{"a":{"b":1},"c":[1,2],"a":0}""")]
    public void Refuses_duplicate_names_by_their_decoded_form(string json) => Assert.Equal(JsonFault.Malformed, Scan(json));

    [Theory]
    [InlineData("""{"a":{"a":{"a":1}},"A":1}""")]
    [InlineData("""[{"a":1},{"a":1}]""")]
    [InlineData("""{"\\u0061":1,"a":1}""")]
    [InlineData("""{"a":"a","b":"a"}""")]
    public void Equal_names_in_different_objects_are_no_duplicates(string json) =>
        Assert.Equal(JsonFault.None, JsonScanner.ScanValue(Encoding.UTF8.GetBytes(json), 64, _tape));

    [Theory]
    [InlineData(2)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(100)]
    [InlineData(100_000)]
    public void Finds_the_one_duplicate_among_many_names(int names)
    {
        foreach (Func<int, string> write in new Func<int, string>[] { n => $"n{n}", Escape })
        {
            string members = string.Join(",", Enumerable.Range(0, names).Select(n => $"\"{write(n)}\":{{}}"));
            Assert.Equal(JsonFault.None, Scan($"{{{members}}}"));
            Assert.Equal(JsonFault.Malformed, Scan($"{{{members},\"n{names / 2}\":0}}"));
        }

        static string Escape(int n) => string.Concat($"n{n}".Select(c => $"\\u{(int)c:X4}"));
    }

    [Theory]
    [InlineData(1, JsonFault.TooDeep)]
    [InlineData(2, JsonFault.TooDeep)]
    [InlineData(3, JsonFault.None)]
    public void The_root_is_depth_1(int maxDepth, object fault) => Assert.Equal(fault, Scan("""{"a":[{"b":1}]}""", maxDepth));

    [Theory]
    [InlineData("""{"a":[[x""", JsonFault.TooDeep)]
    [InlineData("""{"a":x,"b":[[]]}""", JsonFault.Malformed)]
    [InlineData("""{"a":[[]],"b":1,"b":2}""", JsonFault.TooDeep)]
    [InlineData("""{"b":1,"b":2,"a":[[]]}""", JsonFault.Malformed)]
    [InlineData("""{"b":1,"\u0062":[[]]}""", JsonFault.Malformed)]
    [InlineData("""{"b":1,"c":{"d":1,"d":[]}}""", JsonFault.Malformed)]
    [InlineData("""{"b":1,"c":{"d":1,"e":[],"d":1}}""", JsonFault.TooDeep)]
    public void What_comes_first_is_told(string json, object fault) => Assert.Equal(fault, Scan(json, 2));

    [Fact]
    public void Depth_without_end_is_too_deep() => Assert.Equal(JsonFault.TooDeep, Scan("{\"a\":" + new string('[', 1_000_000)));

    [Fact]
    public void A_refused_text_leaves_nothing_on_the_tape()
    {
        Scan("""{"a":1}""");
        Scan("""{"a":1,"b":}""");
        Assert.Equal(0, _tape.Count);
    }

    [Fact]
    public void A_tape_serves_again_after_a_reset_and_after_big_texts()
    {
        Assert.Equal(JsonFault.None, Scan("{\"a\":[" + string.Join(",", Enumerable.Repeat("0", 200_000)) + "]}"));
        Assert.Equal(200_003, _tape.Count);
        _tape.Reset();
        Assert.Equal(JsonFault.None, Scan("""{"a":1}"""));
        Assert.Equal(3, _tape.Count);
    }

    private JsonFault Scan(string json, int maxDepth = 64) => JsonScanner.Scan(Encoding.UTF8.GetBytes(json), maxDepth, _tape);
}
