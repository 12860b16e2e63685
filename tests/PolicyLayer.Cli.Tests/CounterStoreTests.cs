namespace PolicyLayer.Tests.Cli;

public sealed class CounterStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("policylayer").FullName;

    [Fact]
    public async Task Counters_in_a_file_outlive_the_command()
    {
        string counters = "sqlite:" + Path.Combine(_folder, "counters.db");
        string call = """{"tool":"run_code","at":"2026-01-01T00:00:00Z"}""";
        Command first = await Command.StreamAsync(["--counters", counters], [.. Enumerable.Repeat(call, 10)]);
        Command second = await Command.StreamAsync(["--counters", counters], call);

        Assert.Equal(Enumerable.Repeat("allowed", 10), first.Codes);
        Assert.Equal(["limit_exceeded"], second.Codes);
    }

    [Fact]
    public async Task Counters_in_a_file_go_by_the_time_of_the_lines()
    {
        Command run = await Command.StreamAsync(
            ["--counters", "sqlite:" + Path.Combine(_folder, "counters.db")],
            [
                .. Enumerable.Repeat("""{"tool":"run_code","at":"2031-05-01T00:00:00Z","expect":"allow"}""", 10),
                """{"tool":"run_code","expect":"limit_exceeded"}""",
                """{"advance":"1m"}""",
                """{"tool":"run_code","expect":"allow"}""",
            ]);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/no-such-folder/counters.db")]
    [InlineData("/text")]
    public async Task A_file_that_cannot_keep_counters_ends_the_command_and_is_named(string path)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "text"), new string('x', 4096));
        Command run = await Command.StreamAsync(["--counters", "sqlite:" + _folder + path], """{"tool":"run_code"}""");

        Assert.Equal(2, run.ExitCode);
        Assert.Equal("", run.Output);
        Assert.Contains(_folder + path, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("disk")]
    [InlineData("sqlite:")]
    [InlineData("redis://")]
    [InlineData("redis://127.0.0.1:1")]
    public async Task A_place_that_is_none_ends_the_command(string counters)
    {
        Command run = await Command.StreamAsync(["--counters", counters], """{"tool":"run_code"}""");

        Assert.Equal(2, run.ExitCode);
        Assert.Empty(run.Codes);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
