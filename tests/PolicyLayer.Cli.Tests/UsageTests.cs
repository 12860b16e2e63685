namespace PolicyLayer.Tests.Cli;

/// <summary>What is told to who names no command of the tool.</summary>
public sealed class UsageTests
{
    private const string AuditCommands = "verify, head, proof, consistency, tail, stats and export";

    [Theory]
    [InlineData("audit nonsense", $"`nonsense` is no command of `policylayer audit`, which has {AuditCommands}.", "audit ")]
    [InlineData(
        "audit stat --json",
        $"`stat` is no command of `policylayer audit`, which has {AuditCommands}: did you mean `stats`?",
        "audit ")]
    [InlineData("audit", $"`policylayer audit` is used with one of its commands: {AuditCommands}.", "audit ")]
    [InlineData(
        "grant lst",
        "`lst` is no command of `policylayer grant`, which has new, list, revoke and expire: did you mean `list`?",
        "grant ")]
    [InlineData("audti", "which has validate, schema, check, proxy, counters, grant, approvals and audit: did you mean `audit`?", "")]
    public async Task What_there_is_stands_in_the_message(string line, string message, string path)
    {
        Command run = await Command.RunAsync(line.Split(' '));

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.EndsWith($"{message}\nHelp: policylayer {path}--help\n", run.Error, StringComparison.Ordinal);
    }
}
