using PolicyLayer.Proxy.Guarding;

namespace PolicyLayer.Tests.Proxy.Guarding;

/// <summary>What a client gets of a list of tools.</summary>
public sealed class ToolListTests
{
    private const string Hidden = """{"name":"secret"}""";

    [Theory]
    [InlineData("[]", "[]")]
    [InlineData("[ H ]", "[  ]")]
    [InlineData("[H,H]", "[]")]
    [InlineData("[H,A]", "[A]")]
    [InlineData("[A,H]", "[A]")]
    [InlineData("[H,A,H]", "[A]")]
    [InlineData("[A,H,B]", "[A,B]")]
    [InlineData("[A , H , H , B]", "[A , B]")]
    [InlineData("[ H , A , H , B , H ]", "[ A , B ]")]
    [InlineData("[\n\tA,\r\n\tH\n]", "[\n\tA\n]")]
    [InlineData("[A,null,1,\"secret\",[H],[],{},true]", "[A]")]
    [InlineData("[{\"name\":1},{\"name\":null},{\"N\u0061me\":\"secret\"},B]", "[B]")]
    [InlineData("[{\"name\":\"echo\",\"n\\u0061me\":\"secret\"},B]", "[B]")]
    [InlineData("[{\"name\":\"echo\",\"na\u004De\":\"secret\"},B]", "[B]")]
    [InlineData("[{\"name\":\"echo\",\"title\":1,\"title\":2},B]", "[B]")]
    [InlineData("[{\"name\":\"s\\u0065cret\"},{\"name\":\"hidden.x\"},B]", "[B]")]
    [InlineData("[{\"name\":\"echo\\u0000\"},B]", "[B]")]
    [InlineData("[{\"x\":[1,{\"a\":1,\"a\":2}],\"name\":\"echo\"}]", "[{\"x\":[1,{\"a\":1,\"a\":2}],\"name\":\"echo\"}]")]
    public async Task What_is_hidden_is_cut_out(string tools, string expected)
    {
        string list = await ListAsync($$"""{"a": 1,"tools":{{Fill(tools)}},"nextCursor":"x","z":[ ]}""");

        Assert.Equal($$"""{"a": 1,"tools":{{Fill(expected)}},"nextCursor":"x","z":[ ]}""", list);
    }

    [Fact]
    public async Task What_can_never_be_called_is_left_out_on_request()
    {
        const string Tools = """[{"name":"never"},{"name":"echo"},{"name":"unlisted"}]""";

        Assert.Contains(Tools, await ListAsync($$"""{"tools":{{Tools}} }"""), StringComparison.Ordinal);
        Assert.Contains(
            """[{"name":"echo"}]""",
            await ListAsync($$"""{"tools":{{Tools}} }""", new Talk(configure: options => options.HidesUncallable = true)),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"cacheScope\":\"private\",\"ttlMs\":0", "\"cacheScope\":\"private\",\"ttlMs\":0")]
    [InlineData("\"cacheScope\":\"public\",\"ttlMs\":60000", "\"cacheScope\":\"private\",\"ttlMs\":60000")]
    [InlineData("\"cacheScope\":\"priv\\u0061te\",\"ttlMs\":60001", "\"cacheScope\":\"private\",\"ttlMs\":60000")]
    [InlineData("\"cacheScope\":null,\"ttlMs\":60000.5", "\"cacheScope\":\"private\",\"ttlMs\":60000")]
    [InlineData("\"cacheScope\":[{}],\"ttlMs\":1e999", "\"cacheScope\":\"private\",\"ttlMs\":60000")]
    [InlineData("\"cacheScope\":\"private\",\"ttlMs\":-5", "\"cacheScope\":\"private\",\"ttlMs\":-5")]
    [InlineData("\"cacheScope\":\"private\",\"ttlMs\":\"86400000\"", "\"cacheScope\":\"private\",\"ttlMs\":0")]
    [InlineData("\"cacheScope\":\"private\",\"ttlMs\":null", "\"cacheScope\":\"private\",\"ttlMs\":0")]
    [InlineData("\"cacheScope\":\"private\",\"ttlMs\":{\"a\":1}", "\"cacheScope\":\"private\",\"ttlMs\":0")]
    public async Task Lists_are_kept_by_their_caller_alone_and_not_for_long(string members, string expected)
    {
        Assert.Equal($$"""{"tools":[],{{expected}} }""", await ListAsync($$"""{"tools":[],{{members}} }"""));
        Assert.Equal($$"""{"tools":[],{{expected}} }""", await ListAsync($$"""{"tools":[],{{members}} }""", meta: Talk.Modern));
    }

    [Fact]
    public async Task A_scope_is_set_where_the_revision_has_one()
    {
        Assert.Equal("""{"tools":[]}""", await ListAsync("""{"tools":[]}"""));
        Assert.Equal("""{"cacheScope":"private", "tools":[]}""", await ListAsync("""{ "tools":[]}""", meta: Talk.Modern));
    }

    [Fact]
    public async Task A_list_is_one_whatever_it_answers()
    {
        var talk = new Talk();
        await talk.CallAsync("1", "echo");

        Assert.Equal(
            """{"jsonrpc":"2.0","id":1,"result":{"content":[],"tools":[]} }""",
            await talk.ResultAsync("1", $$"""{"content":[],"tools":[{{Hidden}}]}"""));
        Assert.Equal([ToolCallOutcome.Succeeded], talk.Outcomes);
    }

    [Fact]
    public async Task A_list_that_asks_for_input_is_sealed_as_well()
    {
        var talk = new Talk();
        await talk.CallAsync("1", "echo", Talk.Modern);
        string? answer = await talk.ResultAsync("1", $$"""{"tools":[{{Hidden}}],"resultType":"input_required","requestState":"mine"}""");

        Assert.Contains("""{"cacheScope":"private","tools":[],"resultType":"input_required","requestState":""", answer!);
        Assert.DoesNotContain("mine", answer, StringComparison.Ordinal);
        Assert.Empty(talk.Outcomes);
    }

    [Fact]
    public async Task A_list_that_cannot_be_judged_is_empty()
    {
        var talk = new Talk();
        talk.Authorizer.Failure = new InvalidOperationException();

        Assert.Equal("""{"tools":[]}""", await ListAsync("""{"tools":[{"name":"echo"}]}""", talk));
    }

    [Theory]
    [InlineData("{\"name\":\"other\"}", "never", false)]
    [InlineData("{\"name\":\"never\"}", "never", true)]
    [InlineData("{\"name\":\"never\",\"outputSchema\":{}}", "never", false)]
    [InlineData("{\"name\":\"never\",\"outputSchema\":null}", "never", true)]
    [InlineData("{\"name\":\"never\"},{\"name\":\"never\",\"outputSchema\":{}}", "never", false)]
    [InlineData("{\"name\":\"never\",\"outputSchema\":{}},{\"name\":\"never\"}", "never", false)]
    [InlineData("{\"name\":\"secret\"}", "secret", false)]
    [InlineData("", "unlisted", false)]
    public async Task Details_are_structured_content_where_no_schema_forbids(string tools, string called, bool isStructured)
    {
        var talk = new Talk();
        await talk.ListAsync($$"""{"tools":[{{tools}}]}""");
        Passage passage = await talk.CallAsync("1", called);

        Assert.Equal(isStructured, Talk.Text(passage.Answer)!.Contains("structuredContent", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("tools/list")]
    [InlineData("resources/list")]
    public async Task What_is_no_list_stays_as_it_is(string method)
    {
        var talk = new Talk();
        foreach (string result in (string[])["{}", "null", "[{\"name\":\"secret\"}]", "{\"tools\":5,\"ttlMs\":1e9}", "{\"cacheScope\":\"public\"}"])
        {
            await talk.SendAsync($$"""{"id":1,"method":"{{method}}","params":{ {{Talk.Modern}} } }""");
            Assert.Equal($$"""{"jsonrpc":"2.0","id":1,"result":{{result}} }""", await talk.ResultAsync("1", result));
        }
    }

    private static string Fill(string tools) => tools.Replace("H", Hidden, StringComparison.Ordinal)
        .Replace("A", """{ "name" : "echo" }""", StringComparison.Ordinal)
        .Replace("B", """{"name":"other","inputSchema":{}}""", StringComparison.Ordinal);

    private static async Task<string> ListAsync(string result, Talk? talk = null, string? meta = null)
    {
        string answer = (await (talk ?? new Talk()).ListAsync(result, meta))!;
        const string Head = """{"jsonrpc":"2.0","id":"list","result":""";
        Assert.StartsWith(Head, answer, StringComparison.Ordinal);
        return answer[Head.Length..^2];
    }
}
