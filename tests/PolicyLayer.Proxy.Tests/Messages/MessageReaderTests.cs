using System.Text;
using PolicyLayer.Proxy.Guarding;
using PolicyLayer.Proxy.Messages;

namespace PolicyLayer.Tests.Proxy.Messages;

/// <summary>What is refused, and with which id.</summary>
public sealed class MessageReaderTests
{
    private const string Call = """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{"a":1}}}""";

    [Theory]
    [InlineData("[]")]
    [InlineData("[" + Call + "]")]
    [InlineData(" [" + Call + "," + Call + "] ")]
    public void Batches_are_refused(string text) => AssertRefused(MessageFault.Batch, null, text);

    [Theory]
    [InlineData("""[{"id":1,"result":{}},{"id":"a","error":{}}]""", "1 \"a\"")]
    [InlineData("""[{"id":1,"result":{}},{"id":2,"method":"ping"},{"method":"x"},[{"id":3,"result":{}}],5]""", "1")]
    [InlineData("""[{"id":1,"result":{},"result":{}},{"id":2,"id":3,"result":{}}]""", "1")]
    [InlineData("""[{"method":"x"},{"method":"y"}]""", "")]
    public void Whoever_waits_for_an_answer_in_a_servers_batch_is_known(string text, string ids)
    {
        ReadResult[] each = [.. MessageReader.ReadServer(Encoding.UTF8.GetBytes(text)).Each()];

        Assert.All(each, one => Assert.Same(MessageFault.Batch, one.Fault));
        Assert.Equal(
            ids, string.Join(' ', each.Where(one => one.IsResponse).Select(one => Encoding.UTF8.GetString(one.Id!.Value.Text.Span))));
        Assert.Equal(Math.Max(1, each.Count(one => one.IsResponse)), each.Length);
        Assert.Null(MessageReader.Read(Encoding.UTF8.GetBytes(text)).Answered);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("{")]
    [InlineData(Call + Call)]
    [InlineData("/**/{\"id\":1")]
    [InlineData("""{"jsonrpc":"2.0","id":01,"method":"ping"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":+1,"method":"ping"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":0x1,"method":"ping"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1 2,"method":"ping"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":NaN,"method":"ping"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"\u0069d":2,"method":"ping",}""")]
    public void What_is_not_JSON_is_refused(string text) => AssertRefused(MessageFault.NotJson, null, text);

    [Theory]
    [InlineData(Call + "x")]
    [InlineData(Call + "\0")]
    [InlineData("\0" + Call)]
    [InlineData("\uFEFF" + Call)]
    [InlineData("/**/" + Call)]
    [InlineData("""{"jsonrpc":"2.0","id": 1 ,"method":"ping",}""")]
    [InlineData("""{'jsonrpc':"2.0","id":1,"method":"ping"}""")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"pi\tng\"}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"pi\rng\"}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\u00A0\"method\":\"ping\"}")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping","x":"\uD8"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping","x":"\uD800""")]
    public void What_is_not_JSON_is_refused_with_its_id(string text) => AssertRefused(MessageFault.NotJson, "1", text);

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":7,"result":{"x":NaN}}""")]
    [InlineData("\uFEFF{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{}}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{}}\0")]
    [InlineData("""{"jsonrpc":"2.0","id":7,"id":7,"result":{}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":7,"result":{},"result":{}}""")]
    [InlineData("""[{"jsonrpc":"2.0","id":7,"result":{}}]""")]
    public void A_bad_answer_says_whose_it_is(string text)
    {
        ReadResult result = ReadServer(Encoding.UTF8.GetBytes(text));

        Assert.False(result.IsValid);
        Assert.Equal("7", Text(result.Id));
        Assert.True(result.IsResponse);
    }

    [Theory]
    [InlineData("x", "cut \\ud83d here")]
    [InlineData("x", "\\udc00\\ud800")]
    [InlineData("\\ud800\\u0041", "\\\\\\ud83d\\ude00")]
    public void Lone_surrogates_are_passed_on(string name, string value)
    {
        string text = $$"""{"jsonrpc":"2.0","id":"\ud800","method":"ping","{{name}}":"{{value}}"}""";

        Assert.Equal(text, Text(Read(text).Message!.Text));
        Assert.Equal("\"\\ud800\"", Id(text));
    }

    [Theory]
    [InlineData("\"x\\ud800\":1,\"x\\ud801\":2", "\"ping\"")]
    [InlineData("\"me\\ud800thod\":\"tools/call\"", "\"ping\"")]
    [InlineData("\"x\":1", "\"tools/call\\ud800\"")]
    public void Lone_surrogates_hide_nothing(string members, string method) =>
        Assert.False(Read($$"""{"jsonrpc":"2.0","id":1,{{members}},"method":{{method}} }""").IsValid);

    [Theory]
    [InlineData("13.0", "13")]
    [InlineData("1.3e1", "13")]
    [InlineData("-0.0", "0")]
    public void A_server_may_spell_an_id_otherwise(string id, string request)
    {
        byte[] answer = Encoding.UTF8.GetBytes($$"""{"jsonrpc":"2.0","id":{{id}},"result":{} }""");

        Assert.Equal(Read($$"""{"id":{{request}},"method":"ping"}""").Id, ReadServer(answer).Message!.Id);
        Assert.Equal(MessageFault.BadId, MessageReader.Read(answer).Fault);
        Assert.Equal(MessageFault.BadId, ReadServer("{\"jsonrpc\":\"2.0\",\"id\":1.5,\"result\":{}}"u8.ToArray()).Fault);
    }

    [Theory]
    [InlineData(new byte[] { 0xFF })]
    [InlineData(new byte[] { 0xC0, 0xAF })]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 })]
    [InlineData(new byte[] { 0xF4, 0x90, 0x80, 0x80 })]
    [InlineData(new byte[] { 0xE2, 0x82 })]
    public void What_is_not_UTF_8_is_refused(byte[] bytes)
    {
        byte[] text = [.. "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"x\":\""u8, .. bytes, .. "\"}"u8];

        Assert.Equal(MessageFault.NotJson, MessageReader.Read(text).Fault);
        Assert.Equal(text, ReadServer(text).Message!.Text.ToArray());
    }

    [Theory]
    [InlineData("1")]
    [InlineData("\"x\"")]
    [InlineData("null")]
    public void What_is_no_object_is_refused(string text) => AssertRefused(MessageFault.NoObject, null, text);

    [Theory]
    [InlineData("\"id\":1,\"id\":1,\"method\":\"ping\"", "1")]
    [InlineData("\"id\":1,\"\\u0069d\":2,\"method\":\"ping\"", null)]
    [InlineData("\"id\":1,\"method\":\"ping\",\"method\":\"tools/call\"", "1")]
    [InlineData("\"id\":1,\"method\":\"ping\",\"m\\u0065thod\":\"tools/call\"", "1")]
    [InlineData("\"id\":1,\"method\":\"ping\",\"params\":{},\"params\":{}", "1")]
    [InlineData("\"id\":1,\"method\":\"ping\",\"x\":1,\"\\u0078\":2", "1")]
    [InlineData("\"id\":1,\"jsonrpc\":\"2.0\",\"method\":\"ping\"", "1")]
    public void Two_members_of_one_name_are_refused(string members, string? id) =>
        AssertRefused(MessageFault.Duplicate, id, $$"""{"jsonrpc":"2.0",{{members}} }""");

    [Theory]
    [InlineData("""{"name":"echo","name":"secret"}""")]
    [InlineData("""{"name":"echo","n\u0061me":"secret"}""")]
    [InlineData("""{"name":"echo","arguments":{},"arguments":{"a":1}}""")]
    [InlineData("""{"name":"echo","x":1,"x":1}""")]
    [InlineData("""{"name":"echo","_meta":{},"_met\u0061":{}}""")]
    [InlineData("""{"name":"echo","_meta":{"a":1,"a":2}}""")]
    [InlineData("""{"name":"echo","_meta":{"a":1,"\u0061":2}}""")]
    public void Two_parameters_of_one_name_are_refused(string parameters) => AssertRefused(
        MessageFault.Duplicate, "1", $$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{{parameters}} }""");

    [Fact]
    public void Many_names_are_compared_as_few_are()
    {
        string many = string.Join(',', Enumerable.Range(0, 1000).Select(i => $"\"{i}\":0"));

        Assert.True(Read($$"""{"id":1,"method":"tools/call","params":{"name":"echo",{{many}} } }""").IsValid);
        AssertRefused(MessageFault.Duplicate, "1", $$"""{"id":1,"method":"tools/call","params":{"name":"echo",{{many}},"\u0039":1} }""");
    }

    [Theory]
    [InlineData("\"id\":1,\"Method\":\"tools/call\",\"method\":\"ping\"", "1")]
    [InlineData("\"id\":1,\"METHOD\":\"tools/call\"", "1")]
    [InlineData("\"ID\":1,\"method\":\"ping\"", null)]
    [InlineData("\"id\":1,\"Id\":1,\"method\":\"ping\"", null)]
    [InlineData("\"id\":1,\"param\\u017f\":{},\"method\":\"ping\"", "1")]
    [InlineData("\"id\":1,\"param\u017F\":{},\"method\":\"ping\"", "1")]
    [InlineData("\"id\":1,\"Params\":{},\"method\":\"ping\"", "1")]
    [InlineData("\"id\":1,\"re\u017Fult\":{},\"method\":\"ping\"", "1")]
    [InlineData("\"id\":1,\"method\\u0000\":\"tools/call\",\"method\":\"ping\"", "1")]
    [InlineData("\"id\":1,\"Method\\u0000x\":\"tools/call\",\"method\":\"ping\"", "1")]
    public void Names_that_differ_by_case_alone_are_refused(string members, string? id) =>
        AssertRefused(MessageFault.Variant, id, $$"""{"jsonrpc":"2.0",{{members}} }""");

    [Theory]
    [InlineData("Name", "\"secret\"")]
    [InlineData("NAME", "\"secret\"")]
    [InlineData("name\\u0000", "\"secret\"")]
    [InlineData("\\u200Bname\\n", "\"secret\"")]
    [InlineData("Arguments", "{}")]
    [InlineData("argument\u017F", "{}")]
    [InlineData("ta\u017Fk", "{}")]
    [InlineData("tas\u212A", "{}")]
    [InlineData("\\u0054ask", "{}")]
    [InlineData("_Meta", "{}")]
    [InlineData("RequestState", "\"x\"")]
    [InlineData("inputResponse\u017F", "{}")]
    public void Parameters_that_differ_by_case_alone_are_refused(string name, string value) => AssertRefused(
        MessageFault.Variant, "1", $$"""{"id":1,"method":"tools/call","params":{"name":"echo","{{name}}":{{value}} } }""");

    [Theory]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("1.0")]
    [InlineData("1e3")]
    [InlineData("1E0")]
    [InlineData("-0")]
    [InlineData("0.5")]
    [InlineData("{}")]
    [InlineData("[1]")]
    public void Ids_that_are_no_string_or_integer_are_refused(string id) =>
        AssertRefused(MessageFault.BadId, null, $$"""{"jsonrpc":"2.0","id":{{id}},"method":"ping"}""");

    [Fact]
    public void Ids_have_a_bound()
    {
        string longest = new('x', 510);
        Assert.Equal($"\"{longest}\"", Id($$"""{"id":"{{longest}}","method":"ping"}"""));
        AssertRefused(MessageFault.BadId, null, $$"""{"id":"{{longest}}x","method":"ping"}""");
        AssertRefused(MessageFault.BadId, null, $$"""{"id":{{new string('9', 513)}},"method":"ping"}""");
    }

    [Theory]
    [InlineData("0", "0", true)]
    [InlineData("1", "\"1\"", false)]
    [InlineData("\"a\"", "\"\\u0061\"", true)]
    [InlineData("\"a\"", "\"A\"", false)]
    [InlineData("9007199254740991", "9007199254740992", false)]
    [InlineData("9007199254740992", "9007199254740993", true)]
    [InlineData("-9007199254740992", "-9007199254740993", true)]
    [InlineData("123456789", "1234567890", false)]
    public void Ids_are_the_same_where_any_reader_takes_them_for_it(string one, string other, bool areSame) => Assert.Equal(
        areSame, Read($$"""{"id":{{one}},"method":"ping"}""").Id == Read($$"""{"id":{{other}},"method":"ping"}""").Id);

    [Theory]
    [InlineData("-7")]
    [InlineData("9007199254740993")]
    [InlineData("123456789012345678901234567890")]
    [InlineData("\"\\u0061\"")]
    public void Ids_are_written_as_they_were(string id) => Assert.Equal(id, Id($$"""{"id":{{id}},"method":"ping"}"""));

    [Fact]
    public void A_tool_is_not_called_by_a_notification()
    {
        AssertRefused(MessageFault.CallWithoutId, null, """{"jsonrpc":"2.0","method":"tools/call","params":{"name":"echo"}}""");
        AssertRefused(MessageFault.CallWithoutId, null, """{"jsonrpc":"2.0","method":"tools\/c\u0061ll"}""");
        Assert.Equal(MessageKind.Notification, Read("""{"jsonrpc":"2.0","method":"tools/list"}""").Message!.Kind);
    }

    [Theory]
    [InlineData("\"Tools/Call\"")]
    [InlineData("\"TOOLS/CALL\"")]
    [InlineData("\" tools/call\"")]
    [InlineData("\"tools/call\\n\"")]
    [InlineData("\"tools/call\\u00A0\"")]
    [InlineData("\"tools/call\\u0000\"")]
    [InlineData("\"tools/call\\u0000x\"")]
    [InlineData("\"\\u200Btools/call\\uFEFF\"")]
    [InlineData("\"tool\u017F/call\"")]
    [InlineData("\"tools/List\"")]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("[\"tools/call\"]")]
    [InlineData("{\"a\":\"tools/call\"}")]
    public void Methods_that_a_lenient_reader_takes_for_a_call_are_refused(string method) =>
        AssertRefused(MessageFault.BadMethod, "1", $$"""{"jsonrpc":"2.0","id":1,"method":{{method}},"params":{"name":"secret"} }""");

    [Theory]
    [InlineData("\"method\":\"ping\",\"result\":{}", false)]
    [InlineData("\"method\":\"ping\",\"error\":{}", false)]
    [InlineData("\"result\":{},\"error\":null", true)]
    [InlineData("\"params\":{}", true)]
    public void A_message_is_of_one_kind(string members, bool isResponse)
    {
        AssertRefused(MessageFault.Ambiguous, "1", $$"""{"jsonrpc":"2.0","id":1,{{members}} }""");
        Assert.Equal(isResponse, Read($$"""{"jsonrpc":"2.0","id":1,{{members}} }""").IsResponse);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("[{\"name\":\"secret\"}]")]
    [InlineData("\"x\"")]
    [InlineData("1")]
    public void Parameters_are_an_object(string parameters) => AssertRefused(
        MessageFault.BadParams, "1", $$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{{parameters}} }""");

    [Fact]
    public void Depth_has_a_bound()
    {
        static string Nested(int depth) => string.Concat(Enumerable.Repeat("[", depth)) + string.Concat(Enumerable.Repeat("]", depth));

        Assert.True(Read($$"""{"id":1,"method":"ping","x":{{Nested(3999)}} }""").IsValid);
        AssertRefused(MessageFault.TooDeep, "1", $$"""{"id":1,"method":"ping","x":{{Nested(4000)}} }""");
    }

    [Theory]
    [InlineData("""{"id":1,"result":{"tools":[],"Tools":[{"name":"secret"}]}}""")]
    [InlineData("""{"id":1,"result":{"tool\u017f":[{"name":"secret"}]}}""")]
    [InlineData("""{"id":1,"result":{"CacheScope":"public"}}""")]
    public void Results_that_have_two_meanings_are_refused_with_their_id(string text)
    {
        AssertRefused(MessageFault.Variant, "1", text);
        Assert.True(Read(text).IsResponse);
    }

    [Fact]
    public void A_response_that_has_two_members_of_one_name_says_whose_it_is()
    {
        ReadResult result = Read("""{"jsonrpc":"2.0","id":5,"result":{},"result":{"tools":[]}}""");

        Assert.Equal(MessageFault.Duplicate, result.Fault);
        Assert.Equal("5", Text(result.Id));
        Assert.True(result.IsResponse);
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","error":{"code":1}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":null,"error":{"code":1}}""")]
    public void An_error_may_be_about_what_nobody_could_read(string text) =>
        Assert.Equal(MessageKind.Response, Read(text).Message!.Kind);

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","result":{}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":null,"result":{}}""")]
    public void A_result_is_for_a_request(string text) => AssertRefused(MessageFault.BadId, null, text);

    [Theory]
    [InlineData("1.0")]
    [InlineData("null")]
    [InlineData("{}")]
    public void A_cancellation_names_its_request(string id)
    {
        AssertRefused(MessageFault.BadId, null, $$"""{"method":"notifications/cancelled","params":{"requestId":{{id}} } }""");
        AssertRefused(MessageFault.Variant, null, """{"method":"notifications/cancelled","params":{"RequestId":1}}""");
        Assert.True(Read("""{"method":"notifications/cancelled","params":{"reason":"x"}}""").IsValid);
    }

    [Theory]
    [InlineData(Call)]
    [InlineData(" \r\n\t" + Call + "\r\n")]
    [InlineData("""{"id":"x","method":"unknown/thing","params":null,"extra":[1,{"a":1,"a":2}]}""")]
    [InlineData("""{"method":"notifications/x","params":{"Name":1,"name":2}}""")]
    [InlineData("""{"id":1,"result":null}""")]
    [InlineData("""{"id":1,"result":{"content":[{"a":1,"a":2}],"Name":"x"}}""")]
    [InlineData("""{"id":1,"method":"tools/call","params":{"name":"echo","arguments":{"a":1,"a":2},"unknown":0}}""")]
    public void All_else_is_read(string text)
    {
        ReadResult result = Read(text);

        Assert.Null(result.Fault);
        Assert.Equal(text, Text(result.Message!.Text));
    }

    [Fact]
    public void An_answer_has_the_id_that_all_readers_see()
    {
        Assert.Equal(
            """{"jsonrpc":"2.0","id":"\u0061","error":{"code":-32600,"message":"The message has two members of one name."}}""",
            Text(Passage.Refuse(Read("""{"id":"\u0061","method":"x","params":{"a":1,"a":2}}""")).Answer!.Value));
        Assert.StartsWith("""{"jsonrpc":"2.0","id":null,"error":{"code":-32700,""", Text(Passage.Refuse(Read("{")).Answer!.Value));

        // The id of a response is the other side's.
        Assert.StartsWith(
            """{"jsonrpc":"2.0","id":null,"error":""", Text(Passage.Refuse(Read("""{"id":3,"result":{"a":1,"a":2}}""")).Answer!.Value));
    }

    private static ReadResult Read(string text) => MessageReader.Read(Encoding.UTF8.GetBytes(text));

    private static ReadResult ReadServer(byte[] text) => MessageReader.ReadServer(text);

    private static string? Id(string text) => Text(Read(text).Message!.Id);

    private static string? Text(JsonRpcId? id) => id is { } known ? Text(known.Text) : null;

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    private static void AssertRefused(MessageFault fault, string? id, string text)
    {
        ReadResult result = Read(text);
        Assert.Null(result.Message);
        Assert.Equal(fault, result.Fault);
        Assert.Equal(id, Text(result.Id));
    }
}
