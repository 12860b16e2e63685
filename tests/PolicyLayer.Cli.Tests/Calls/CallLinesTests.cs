using System.Text;

namespace PolicyLayer.Tests.Cli.Calls;

/// <summary>What of a stream of calls is passed over, and still counted.</summary>
public sealed class CallLinesTests
{
    private const string Call = """{"tool":"run_code"}""";

    [Theory]
    [InlineData("\ufeff" + Call, 1)]
    [InlineData("\ufeff\n" + Call, 1)]
    [InlineData("\ufeff// all of them\n" + Call, 1)]
    [InlineData(Call + "\n", 1)]
    [InlineData(Call + "\n\n \t\n", 1)]
    [InlineData(Call + "\r\n\r\n" + Call + "\r\n", 2)]
    [InlineData("// " + Call + "\n" + Call, 1)]
    [InlineData("  // behind white space\n" + Call + "\n//", 1)]
    [InlineData("  " + Call, 1)]
    [InlineData("\ufeff", 0)]
    [InlineData("\n", 0)]
    public async Task What_says_nothing_is_passed_over(string text, int calls)
    {
        Command run = await JudgeAsync(Encoding.UTF8.GetBytes(text));

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(Enumerable.Repeat("allowed", calls), run.Codes);
    }

    [Fact]
    public async Task What_is_passed_over_is_counted()
    {
        Command run = await JudgeAsync(Encoding.UTF8.GetBytes($"\ufeff// one\n\n{Call}\r\n\n// five\nsix\n"));

        Assert.Equal((2, "stdin:6: The line is not JSON, from byte 1 on.\n"), (run.ExitCode, run.Error));
    }

    [Theory]
    [InlineData("// one\r" + Call + "\r")]
    [InlineData(Call + "\n// one\r" + Call + "\n")]
    public async Task No_call_hides_in_a_comment_behind_a_carriage_return(string text)
    {
        Command run = await JudgeAsync(Encoding.UTF8.GetBytes(text));

        Assert.Equal(2, run.ExitCode);
        Assert.EndsWith(": A carriage return stands in a comment: lines end with a line feed.\n", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 0xFF, 0xFE, (byte)'{', 0, (byte)'}', 0 })]
    [InlineData(new byte[] { 0xEF, 0xBB, (byte)'{', (byte)'}' })]
    public async Task Other_marks_are_no_JSON(byte[] text) => Assert.Equal(2, (await JudgeAsync(text)).ExitCode);

    private static Task<Command> JudgeAsync(byte[] text) =>
        Command.RunAsync(new Command.Setup { Input = text }, "check", Command.Stellify, "--calls", "-", "--json");
}
