using System.Globalization;

namespace PolicyLayer.Tests.Cli.Calls;

/// <summary>What a run says behind its answers: which lines aren't as expected, and how many are.</summary>
public sealed class RunTallyTests : IDisposable
{
    private const string Good = """{"tool":"run_code","expect":"allow"}""";
    private const string Bad = """{"tool":"other","expect":"allow","name":"the odd one"}""";

    private readonly string _file = Path.GetTempFileName();

    [Fact]
    public async Task A_person_reads_the_counts_when_all_is_good()
    {
        Command run = await JudgeAsync([Good, """{"tool":"other"}""", Good]);

        Assert.Equal((0, "2 as expected, 0 not.\n"), (run.ExitCode, run.Error));
    }

    [Fact]
    public async Task Without_expectations_there_is_no_summary()
    {
        Command run = await JudgeAsync(["""{"tool":"run_code"}""", """{"advance":"1s"}"""]);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
    }

    [Fact]
    public async Task A_program_reads_the_counts_when_something_is_wrong()
    {
        Assert.Equal("", (await JudgeAsync([Good], "--json")).Error);
        Assert.EndsWith("\n1 as expected, 1 not.\n", (await JudgeAsync([Good, Bad], "--json")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mismatches_stand_behind_the_table_with_their_names_and_lines()
    {
        using var both = new MemoryStream();
        using var error = new StreamWriter(both) { AutoFlush = true, NewLine = "\n" };
        await File.WriteAllLinesAsync(_file, [Bad, "", Good]);
        int exitCode = await PolicyLayer.Cli.PolicyLayerCommand.RunAsync(
            ["check", Command.Stellify, "--calls", _file], new Command.Setup().ToEnvironment(both, error));

        string text = System.Text.Encoding.UTF8.GetString(both.ToArray());
        Assert.Equal(1, exitCode);
        Assert.EndsWith(
            $"\n{_file}:1: `the odd one` expected `allow`, got `deny` (`not_listed`).\n1 as expected, 1 not.\n",
            text,
            StringComparison.Ordinal);
        Assert.StartsWith("#  name ", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(20, "")]
    [InlineData(21, "… and 1 more.\n")]
    [InlineData(500, "… and 480 more.\n")]
    public async Task Twenty_are_told_in_full_and_the_others_counted(int count, string more)
    {
        Command run = await JudgeAsync([.. Enumerable.Repeat(Bad, count), Good], "--json");

        string[] told = run.Error.Split('\n').Where(line => line.Contains(": `the odd one` expected", StringComparison.Ordinal)).ToArray();
        Assert.Equal(20, told.Length);
        Assert.StartsWith($"{_file}:20: ", told[^1], StringComparison.Ordinal);
        Assert.EndsWith(
            told[^1] + "\n" + more + string.Create(CultureInfo.InvariantCulture, $"1 as expected, {count} not.\n"),
            run.Error,
            StringComparison.Ordinal);
        Assert.Equal(count + 1, run.Lines.Count);
    }

    [Fact]
    public async Task Events_that_fail_are_counted_by_themselves()
    {
        Command run = await JudgeAsync([Good, """{"approve":"last"}""", """{"complete":"x","outcome":"failed"}"""]);

        Assert.Equal(1, run.ExitCode);
        Assert.EndsWith("\n1 as expected, 0 not; 2 lines failed.\n", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_that_cannot_be_read_is_told_behind_what_came_before()
    {
        Command run = await JudgeAsync([Good, Bad, "{"]);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("not_listed", run.Output, StringComparison.Ordinal);
        Assert.EndsWith($"1 as expected, 1 not.\n{_file}:3: The line is not JSON, from byte 2 on.\n", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_stands_in_the_answer_and_a_description_nowhere()
    {
        Command run = await JudgeAsync(["""{"tool":"run_code","name":"n1","description":"what it is for","expect":"allow"}"""], "--json");

        Assert.Equal(
            ["outcome", "code", "tool", "grant", "decision_id", "name", "expected", "as_expected"],
            run.Lines.Single().EnumerateObject().Select(member => member.Name));
        Assert.Equal("n1", run.Lines.Single().GetProperty("name").GetString());
        Assert.DoesNotContain("what it is for", run.Output + run.Error, StringComparison.Ordinal);
    }

    public void Dispose() => File.Delete(_file);

    private async Task<Command> JudgeAsync(string[] lines, params string[] options)
    {
        await File.WriteAllLinesAsync(_file, lines);
        return await Command.RunAsync(["check", Command.Stellify, "--calls", _file, .. options]);
    }
}
