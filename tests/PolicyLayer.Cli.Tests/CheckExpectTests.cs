namespace PolicyLayer.Tests.Cli;

/// <summary>What lines of <c>check</c> expect, and whether it is so.</summary>
public sealed class CheckExpectTests
{
    private const string Call = """{"tool":"run_code"}""";

    [Fact]
    public async Task A_mismatch_is_reported_and_makes_the_exit_code_1()
    {
        Command run = await Command.StreamAsync(Call, """{"tool":"other","expect":"allow"}""", Call);

        Assert.Equal(1, run.ExitCode);
        Assert.Equal("stdin:2: expected `allow`, got `deny` (`not_listed`).\n0 as expected, 1 not.\n", run.Error);
        Assert.Equal("allow", run.Lines[1].GetProperty("expected").GetString());
        Assert.Equal(3, run.Lines.Count);
    }

    [Theory]
    [InlineData("allow", true)]
    [InlineData("allowed", true)]
    [InlineData("deny", false)]
    [InlineData("not_listed", false)]
    public async Task A_line_that_expects_something_says_whether_it_is_so(string expected, bool isSo)
    {
        Command run = await Command.StreamAsync($$"""{"tool":"run_code","expect":"{{expected}}"}""", Call);

        Assert.EndsWith(
            $$""","expected":"{{expected}}","as_expected":{{(isSo ? "true" : "false")}}}""",
            run.Lines[0].GetRawText(),
            StringComparison.Ordinal);
        Assert.False(run.Lines[1].TryGetProperty("as_expected", out _));
        Assert.Equal(isSo ? 0 : 1, run.ExitCode);
    }

    [Fact]
    public async Task Every_code_can_be_expected()
    {
        string[] codes = [.. Enum.GetValues<DecisionCode>().Select(code => code.ToWireString())];
        Command run = await Command.StreamAsync([.. codes.Select(code => $$"""{"tool":"run_code","expect":"{{code}}"}""")]);

        Assert.Equal(codes, run.Lines.Select(line => line.GetProperty("expected").GetString()));
    }
}
