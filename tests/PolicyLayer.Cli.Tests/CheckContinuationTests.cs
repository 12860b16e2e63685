namespace PolicyLayer.Tests.Cli;

/// <summary>Lines of <c>check</c> that go on with an earlier call.</summary>
public sealed class CheckContinuationTests
{
    private const string Policy = """
        { "version": "1", "default": "deny", "tools": { "once": { "rate_limit": "1/hour" }, "free": {} } }
        """;

    [Fact]
    public async Task A_call_goes_on_with_the_latest_and_is_charged_once()
    {
        Command run = await RunAsync(
            """{"tool":"once","arguments":{"n":1},"at":"2026-01-01T00:00:00Z","expect":"allow"}""",
            """{"tool":"once","arguments":{"n":1.0},"continues":"last","expect":"allow"}""",
            """{"tool":"once","arguments":{"n":2},"continues":"last","expect":"limit_exceeded"}""",
            """{"tool":"once","arguments":{"n":1},"continues":"last","expect":"limit_exceeded"}""");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
    }

    [Theory]
    [InlineData("once")]
    [InlineData("free")]
    public async Task A_report_settles_both(string tool)
    {
        Command run = await RunAsync(
            $$"""{"tool":"{{tool}}","at":"2026-01-01T00:00:00Z","expect":"allow"}""",
            $$"""{"tool":"{{tool}}","continues":"last","expect":"allow"}""",
            """{"complete":"last","outcome":"not_executed"}""",
            $$"""{"tool":"{{tool}}","expect":"allow"}""");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal("""{"event":"complete","ok":true}""", run.Output.Split('\n')[2]);
    }

    [Fact]
    public async Task The_first_was_reported_with_the_last()
    {
        Command first = await RunAsync("""{"tool":"once","at":"2026-01-01T00:00:00Z"}""");
        Assert.Matches("\"decision_id\":\"[0-9a-f-]+\"", first.Output);
        Command run = await RunAsync(
            """{"tool":"once","at":"2026-01-01T00:00:00Z"}""",
            """{"complete":"last","outcome":"succeeded"}""",
            """{"tool":"once","continues":"last","expect":"limit_exceeded"}""");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
    }

    [Fact]
    public async Task A_decision_that_is_none_of_the_run_is_told_and_the_call_is_one_of_its_own()
    {
        Command run = await RunAsync(
            """{"tool":"once","at":"2026-01-01T00:00:00Z"}""",
            """{"tool":"once","continues":"no such id","expect":"limit_exceeded"}""");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(":2: No call of this run has the decision id `no such id`.", run.Error, StringComparison.Ordinal);
    }

    private static Task<Command> RunAsync(params string[] lines) => Command.JudgeAsync(Policy, lines);
}
