using System.Text.Json;
using PolicyLayer.Tests.Documents;

namespace PolicyLayer.Tests.Cli.Calls;

/// <summary><c>schema/calls.v1.schema.json</c> and <c>schema/calls.md</c> agree with what <c>check</c> reads.</summary>
public sealed class CallSchemaTests
{
    private const string Page = "calls.md";

    private static readonly string Text = File.ReadAllText(Path.Combine(MarkdownPage.Folder, "calls.v1.schema.json"));

    /// <summary>Judges lines by the schema: as the arguments of a tool that has it.</summary>
    private static readonly ToolCallAuthorizer Authorizer = new(Policy.Parse(
        """{"version":"1","default":"deny","tools":{"line":{"arguments":""" + Text + "}}}"));

    public static TheoryData<string> Files => [.. Directory.GetFiles(Path.GetDirectoryName(Command.Stellify)!, "*.calls.jsonl")];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Every_line_of_an_example_is_one(string file)
    {
        string[] lines = await File.ReadAllLinesAsync(file);

        Assert.NotEmpty(lines);
        foreach (string line in lines)
        {
            Assert.True(await AcceptsAsync(WithoutValues(line)), line);
        }
    }

    [Theory]
    [InlineData("""{"tool":"t","arguments":[1],"context":null}""", true)]
    [InlineData("""{"tool":"t","at":"2026-01-01T00:00:00.1234567+14:00"}""", true)]
    [InlineData("""{"tool":"t","at":"2026-01-01t00:00:00z"}""", true)]
    [InlineData("""{"tool":"t","session":"s","session_source":"claim","server":"x","name":"n","description":"d"}""", true)]
    [InlineData("""{"approve":"last"}""", true)]
    [InlineData("""{"refuse":"last","by":"bob","reason":"no"}""", true)]
    [InlineData("""{"complete":"last","outcome":"not_executed"}""", true)]
    [InlineData("""{"advance":"5ms"}""", true)]
    [InlineData("""{"revoke":"ci"}""", true)]
    [InlineData("{}", false)]
    [InlineData("""{"tool":5}""", false)]
    [InlineData("""{"grant":"a"}""", false)]
    [InlineData("""{"tool":"t","args":{}}""", false)]
    [InlineData("""{"tool":"t","grant":""}""", false)]
    [InlineData("""{"tool":"t","grant":null}""", false)]
    [InlineData("""{"tool":"t","session":1}""", false)]
    [InlineData("""{"tool":"t","session_source":"agent"}""", false)]
    [InlineData("""{"tool":"t","at":"tomorrow"}""", false)]
    [InlineData("""{"tool":"t","at":"2026-01-01T00:00:00"}""", false)]
    [InlineData("""{"tool":"t","at":"2026-02-30T00:00:00Z"}""", false)]
    [InlineData("""{"tool":"t","at":"2026-01-01T00:00:00.12345678Z"}""", false)]
    [InlineData("""{"tool":"t","at":"2026-01-01T00:00:00+15:00"}""", false)]
    [InlineData("""{"tool":"t","at":"2026-12-31T23:59:60Z"}""", false)]
    [InlineData("""{"tool":"t","at":"2026-01-01 00:00:00Z"}""", false)]
    [InlineData("""{"tool":"t","at":"2026-01-01T00:00:00+0100"}""", false)]
    [InlineData("""{"tool":"t","expect":"alow"}""", false)]
    [InlineData("""{"tool":"t","expect":"Allow"}""", false)]
    [InlineData("""{"tool":"t","expect":""}""", false)]
    [InlineData("""{"tool":"t","name":5}""", false)]
    [InlineData("""{"tool":"t","description":[]}""", false)]
    [InlineData("""{"approve":true}""", false)]
    [InlineData("""{"approve":"last","uses":1}""", false)]
    [InlineData("""{"approve":"last","refuse":"last"}""", false)]
    [InlineData("""{"complete":"last"}""", false)]
    [InlineData("""{"complete":"last","outcome":"done"}""", false)]
    [InlineData("""{"complete":"last","outcome":"failed","tool":"t"}""", false)]
    [InlineData("""{"advance":90}""", false)]
    [InlineData("""{"advance":"90"}""", false)]
    [InlineData("""{"advance":"-90s"}""", false)]
    [InlineData("""{"advance":"0.5m"}""", false)]
    [InlineData("""{"advance":"90s","name":"n"}""", false)]
    [InlineData("""{"revoke":""}""", false)]
    [InlineData("""{"revoke":"ci","tool":"t"}""", false)]
    public async Task Schema_and_tool_agree(string line, bool isOne)
    {
        Command run = await Command.StreamAsync(line);

        Assert.Equal(isOne, run.ExitCode != 2);
        Assert.Equal(isOne, await AcceptsAsync(line));
    }

    [Theory]
    [InlineData("""{"approve":"last","by":""}""")]
    [InlineData("""{"approve":"last","by":"a\nb"}""")]
    [InlineData("""{"refuse":"last","reason":"a\u0007"}""")]
    public async Task What_no_record_could_hold_is_refused_by_both(string answer)
    {
        Command run = await Command.RunAsync(
            new Command.Setup { Input = System.Text.Encoding.UTF8.GetBytes("""{"tool":"deploy"}""" + "\n" + answer) },
            "check",
            Command.Example("approvals.json"),
            "--calls",
            "-");

        Assert.Equal(2, run.ExitCode);
        Assert.False(await AcceptsAsync(answer));
    }

    [Fact]
    public void Schema_and_page_have_the_same_members_in_their_order()
    {
        JsonElement members = JsonElement.Parse(Text).GetProperty("$defs").GetProperty("call").GetProperty("properties");
        string[] page = RowsBelow("A call");

        Assert.Equal(members.EnumerateObject().Select(member => member.Name), page);
    }

    [Fact]
    public async Task The_page_names_every_member_of_an_answer()
    {
        Command run = await Command.StreamAsync(
            ["--explain"],
            [
                .. Enumerable.Repeat("""{"tool":"run_code"}""", 10),
                """{"tool":"run_code","expect":"deny","name":"n"}""",
            ]);
        string[] page = [.. RowsBelow("Answers"), "grant"];

        Assert.Subset(page.ToHashSet(), run.Lines[^1].EnumerateObject().Select(member => member.Name).ToHashSet());
    }

    [Fact]
    public void Everything_that_can_be_expected_is_in_the_schema()
    {
        JsonElement schema = JsonElement.Parse(Text);
        string?[] expected =
        [
            .. schema.GetProperty("$defs").GetProperty("call").GetProperty("properties").GetProperty("expect").GetProperty("enum")
                .EnumerateArray().Select(value => value.GetString()),
        ];

        Assert.Equal(
            Enum.GetValues<DecisionOutcome>().Select(outcome => outcome.ToWireString())
                .Concat(Enum.GetValues<DecisionCode>().Select(code => code.ToWireString())).Distinct().Order(),
            expected.Order());
    }

    [Fact]
    public async Task The_pages_example_is_judged_as_it_says()
    {
        MarkdownBlock example = MarkdownPage.Blocks(Page).Single(block => block.Info == "jsonl");
        Command run = await Command.JudgeAsync(
            """{"version":"1","default":"deny","tools":{"run_code":{"rate_limit":{"max":2,"window":"minute"}}}}""",
            example.Text.Split('\n'));

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(4, run.Codes.Count());
    }

    // Names that stand twice in arguments are for the policy to judge: by this way a schema never gets to see them.
    private static string WithoutValues(string line) => JsonSerializer.Serialize(JsonElement.Parse(line).EnumerateObject()
        .ToDictionary(member => member.Name, member => member.Name is "arguments" or "context" ? JsonElement.Parse("{}") : member.Value));

    private static string[] RowsBelow(string heading) =>
    [
        .. MarkdownPage.Lines(Page).SkipWhile(line => line != "## " + heading).Skip(1)
            .TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('`')[1]),
    ];

    private static async Task<bool> AcceptsAsync(string line)
    {
        var call = new ToolCall("line", ToolArguments.FromJson(line)) { GrantId = "g" };
        ToolCallDecision decision = await Authorizer.AuthorizeAsync(call);
        Assert.True(decision.Code is DecisionCode.Allowed or DecisionCode.ArgumentsInvalid, decision.Message);
        return decision.IsAllowed;
    }
}
