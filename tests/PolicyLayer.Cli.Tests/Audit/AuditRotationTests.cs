using System.Text.Json;

namespace PolicyLayer.Tests.Cli.Audit;

/// <summary><c>check --audit-max-bytes</c> and <c>--keep</c>: a log that is rotated, and of which the latest files are kept.</summary>
public sealed class AuditRotationTests : IDisposable
{
    private const int Calls = 600;
    private const string LeastBytes = "65536";

    private readonly SignedLog _log = new();

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task A_log_is_rotated_before_its_file_is_longer()
    {
        await WriteAsync("--audit-max-bytes", LeastBytes);

        string[] files = Files();
        Assert.True(files.Length > 3);
        IEnumerable<string> names = Enumerable.Range(1, files.Length - 1).Select(number => $"audit.{number:000000}.jsonl");
        Assert.Equal([.. names, "audit.jsonl"], files.Select(Path.GetFileName));
        Assert.All(files, file => Assert.InRange(new FileInfo(file).Length, 1, 65_536));

        Command run = await Command.RunAsync(["audit", "verify", .. files, "--json"]);
        Assert.Equal((0, Calls), (run.ExitCode, run.Lines[0].GetProperty("records").GetInt32()));
    }

    [Fact]
    public async Task The_latest_of_the_rotated_files_are_kept()
    {
        await WriteAsync("--audit-max-bytes", LeastBytes, "--keep", "2");
        await WriteAsync("--audit-max-bytes", LeastBytes, "--keep", "2");

        string[] files = Files();
        Assert.Equal(3, files.Length);
        JsonElement first = JsonDocument.Parse(File.ReadLines(files[0]).First()).RootElement;
        int missing = first.GetProperty("sequence").GetInt32() - 1;
        Assert.InRange(missing, Calls, 2 * Calls);
        Assert.Equal(1, (await Command.RunAsync(["audit", "verify", .. files])).ExitCode);

        string before = first.GetProperty("previous").GetString()!;
        Command run = await Command.RunAsync(["audit", "verify", .. files, "--after", before, "--json"]);
        Assert.Equal((0, (2 * Calls) - missing), (run.ExitCode, run.Lines[0].GetProperty("records").GetInt32()));
    }

    [Fact]
    public async Task A_signed_log_holds_over_the_files_that_are_kept()
    {
        await WriteAsync("--audit-max-bytes", LeastBytes, "--keep", "1", "--audit-key", _log.PrivateKey);

        string[] files = Files();
        Assert.Equal(2, files.Length);
        string before = JsonDocument.Parse(File.ReadLines(files[0]).First()).RootElement.GetProperty("previous").GetString()!;
        Command run = await Command.RunAsync(["audit", "verify", .. files, "--after", before, "--public-key", _log.PublicKey]);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
    }

    [Fact]
    public async Task Without_a_bound_it_stays_one_file()
    {
        await WriteAsync();

        Assert.Equal([_log.Log], Files());
        Assert.True(new FileInfo(_log.Log).Length > 65_536);
    }

    [Theory]
    [InlineData("--audit LOG --keep 2", "`--keep` says how many rotated files stay: have the log rotated with `--audit-max-bytes`.")]
    [InlineData("--keep 2", "`--keep` says how many rotated files stay: have the log rotated with `--audit-max-bytes`.")]
    [InlineData("--audit-max-bytes 65536", "`--audit-max-bytes` rotates a log: name it with `--audit`.")]
    [InlineData("--audit-max-bytes 65536 --keep 2", "`--audit-max-bytes` rotates a log: name it with `--audit`.")]
    [InlineData("--audit LOG --audit-max-bytes 65535", "`--audit-max-bytes` must be a whole number of bytes, at least 65536.")]
    [InlineData("--audit LOG --audit-max-bytes 64KiB", "`--audit-max-bytes` must be a whole number of bytes, at least 65536.")]
    [InlineData("--audit LOG --audit-max-bytes 9223372036854775808", "`--audit-max-bytes` must be a whole number of bytes, at least ")]
    [InlineData("--audit LOG --audit-max-bytes 65536 --keep 0", "`--keep` must be a whole number, at least 1.")]
    [InlineData("--audit LOG --audit-max-bytes 65536 --keep -1", "`--keep` must be a whole number, at least 1.")]
    [InlineData("--audit LOG --audit-max-bytes 65536 --keep 2147483648", "`--keep` must be a whole number, at least 1.")]
    public async Task What_is_wrong_is_an_error_of_usage(string options, string message)
    {
        string[] words = [.. options.Split(' ').Select(word => word == "LOG" ? _log.Log : word)];

        Command check = await Command.RunAsync(["check", Command.Stellify, "--tool", "run_code", .. words]);
        Command proxy = await Command.RunAsync(["proxy", Command.Stellify, .. words, "--", "no-such-server"]);

        foreach (Command run in (Command[])[check, proxy])
        {
            Assert.Equal((2, ""), (run.ExitCode, run.Output));
            Assert.StartsWith(message, run.Error, StringComparison.Ordinal);
        }

        Assert.False(File.Exists(_log.Log));
    }

    private async Task WriteAsync(params string[] options)
    {
        string[] line = ["check", Command.Stellify, "--tool", "run_code", "--repeat", $"{Calls}", "--audit", _log.Log];
        Assert.Equal(0, (await Command.RunAsync([.. line, .. options])).ExitCode);
    }

    /// <summary>The log's files, oldest first.</summary>
    private string[] Files() =>
        [.. Directory.GetFiles(_log.Folder.Path, "audit.*.jsonl").Order(StringComparer.Ordinal), _log.Log];
}
