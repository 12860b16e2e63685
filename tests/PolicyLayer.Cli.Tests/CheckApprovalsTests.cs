namespace PolicyLayer.Tests.Cli;

/// <summary>Lines of <c>check</c> that answer what a person is asked.</summary>
public sealed class CheckApprovalsTests
{
    private const string Summary = "0 as expected, 0 not; 1 line failed.\n";

    private const string Policy = """
        { "version": "1", "default": "deny", "tools": {
          "deploy": { "action": "require_approval", "rate_limit": "2/hour" }, "look": {}, "never": { "action": "deny" } } }
        """;

    [Fact]
    public async Task An_approved_call_is_allowed_once_and_a_refused_one_is_told_why()
    {
        Command run = await RunAsync(
            """{"tool":"deploy","at":"2026-01-01T00:00:00Z","expect":"approval_required"}""",
            """{"approve":"last","by":"alice","reason":"ok"}""",
            """{"tool":"deploy","expect":"allow"}""",
            """{"tool":"deploy","expect":"approval_required"}""",
            """{"refuse":"last","by":"bob","reason":"not on a Friday"}""",
            """{"tool":"deploy","expect":"approval_denied"}""",
            """{"tool":"deploy","arguments":{"n":1},"expect":"approval_required"}""",
            """{"approve":"last"}""",
            """{"advance":"10m"}""",
            """{"tool":"deploy","arguments":{"n":1},"expect":"approval_required"}""");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        string[] lines = run.Output.Split('\n');
        Assert.Matches("\"approval_id\":\"[0-9a-f]{32}\"", lines[0]);
        Assert.Equal("""{"event":"approve","ok":true}""", lines[1]);
        Assert.Equal("""{"event":"refuse","ok":true}""", lines[4]);
        Assert.Contains("A person refused the call: not on a Friday", lines[5], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        """{"tool":"look"}""", """{"approve":"last"}""", "not_needed", "The latest call (`look`, `allowed`) doesn't wait for a person.")]
    [InlineData(
        """{"tool":"never"}""",
        """{"refuse":"last"}""",
        "not_needed",
        "The latest call (`never`, `action_deny`) doesn't wait for a person.")]
    [InlineData("""{"advance":"1s"}""", """{"refuse":"last"}""", "not_needed", "No call stands before this line.")]
    [InlineData(
        """{"tool":"deploy"}""",
        """{"approve":"00000000000000000000000000000000"}""",
        "unknown",
        "No request has the id `00000000000000000000000000000000`. Help: `last`, or an `approval_id` from `--json`.")]
    [InlineData("""{"tool":"deploy"}|{"approve":"last"}""", """{"approve":"last"}""", "not_needed", "The request is approved already.")]
    [InlineData(
        """{"tool":"deploy"}|{"approve":"last"}|{"tool":"deploy"}""",
        """{"approve":"last"}""",
        "spent",
        "The request was approved, and the approval is used up.")]
    [InlineData("""{"tool":"deploy"}|{"refuse":"last"}""", """{"approve":"last"}""", "refused", "The request is refused already.")]
    [InlineData("""{"tool":"deploy"}|{"advance":"10m"}""", """{"approve":"last"}""", "expired", "The request's time has run out.")]
    public async Task An_answer_that_changes_nothing_says_why(string before, string answer, string reason, string text)
    {
        string[] lines = [.. before.Split('|'), answer];
        Command run = await RunAsync(lines);
        string name = answer.StartsWith("{\"approve", StringComparison.Ordinal) ? "approve" : "refuse";
        Assert.Equal(1, run.ExitCode);
        Assert.EndsWith($$"""{"event":"{{name}}","ok":false,"reason":"{{reason}}"}""" + "\n", run.Output, StringComparison.Ordinal);
        Assert.EndsWith($"{Path.DirectorySeparatorChar}calls.jsonl:{lines.Length}: {text}\n{Summary}", run.Error, StringComparison.Ordinal);
        Assert.Equal(2, run.Error.Count(character => character == '\n'));
    }

    [Theory]
    [InlineData("""{"approve":5}""")]
    [InlineData("""{"approve":"last","by":""}""")]
    [InlineData("""{"approve":"last","by":"two\nlines"}""")]
    [InlineData("""{"refuse":"last","reason":"two\nlines"}""")]
    [InlineData("""{"approve":"last","why":"x"}""")]
    [InlineData("""{"refuse":"last","uses":1}""")]
    public async Task An_answer_that_is_none_ends_the_run(string line)
    {
        Command run = await RunAsync("""{"tool":"deploy"}""", line);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(":2:", run.Error, StringComparison.Ordinal);
    }

    private static Task<Command> RunAsync(params string[] lines) => Command.JudgeAsync(Policy, lines);
}
