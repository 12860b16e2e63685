using Microsoft.Extensions.Time.Testing;
using PolicyLayer.Cli.Output;

namespace PolicyLayer.Tests.Cli.Output;

public sealed class ProgressLineTests
{
    [Fact]
    public void Work_of_over_a_second_is_told_and_wiped_out() =>
        Assert.Equal("\r2 lines …\r3 lines …\r         \r", Report(new Command.Setup { ShowsProgress = true }));

    [Fact]
    public void Nothing_is_told_where_nobody_reads_it() => Assert.Equal("", Report(new Command.Setup()));

    [Fact]
    public void Answers_on_a_terminal_are_progress_enough_where_they_come_before_the_end()
    {
        var setup = new Command.Setup { ShowsProgress = true, Width = 80 };
        Assert.Equal("", Report(setup));
        Assert.NotEqual("", Report(setup, answersCome: false));
    }

    [Fact]
    public async Task A_long_run_of_check_tells_it()
    {
        var setup = new Command.Setup
        {
            ShowsProgress = true,
            Time = new SlowClock(),
            Input = "{\"advance\":\"1s\"}\n{\"advance\":\"1s\"}\n\n{\"advance\":\"1s\"}"u8.ToArray(),
        };
        Command run = await Command.RunAsync(
            setup,
            "check",
            Command.Stellify,
            "--calls",
            "-",
            "--json");

        Assert.Equal(0, run.ExitCode);
        Assert.EndsWith("\r4 lines …\r         \r", run.Error, StringComparison.Ordinal);
    }

    private static string Report(Command.Setup setup, bool answersCome = true)
    {
        var clock = new FakeTimeProvider();
        using var error = new StringWriter { NewLine = "\n" };
        using (var progress = new ProgressLine((setup with { Time = clock }).ToEnvironment(Stream.Null, error), "lines", answersCome))
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            progress.Report(1);
            clock.Advance(TimeSpan.FromMilliseconds(1));
            progress.Report(2);
            progress.Report(2);
            clock.Advance(TimeSpan.FromMilliseconds(300));
            progress.Report(3);
        }

        return error.ToString();
    }
}
