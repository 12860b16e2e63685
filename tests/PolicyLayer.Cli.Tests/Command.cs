using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using PolicyLayer.Cli;

namespace PolicyLayer.Tests.Cli;

/// <summary>One run of the command in this process.</summary>
internal sealed record Command(int ExitCode, string Output, string Error)
{
    public static string Example(string name) => Path.Combine(AppContext.BaseDirectory, "schema", "examples", name);

    public static string Stellify { get; } = Example("stellify.json");

    /// <summary>The lines of the output, parsed.</summary>
    public IReadOnlyList<JsonElement> Lines =>
        [.. Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    public IEnumerable<string?> Codes =>
        Lines.Where(line => line.TryGetProperty("code", out _)).Select(line => line.GetProperty("code").GetString());

    public static Task<Command> RunAsync(params string[] args) => RunAsync(new Setup(), args);

    /// <summary>Judges a stream of calls from standard input against the published policy.</summary>
    public static Task<Command> StreamAsync(params string[] lines) =>
        RunAsync(new Setup { Input = Encoding.UTF8.GetBytes(string.Join('\n', lines)) }, "check", Stellify, "--calls", "-", "--json");

    /// <summary>The same with further options.</summary>
    public static Task<Command> StreamAsync(string[] options, params string[] lines) => RunAsync(
        new Setup { Input = Encoding.UTF8.GetBytes(string.Join('\n', lines)) }, ["check", Stellify, "--calls", "-", "--json", .. options]);

    /// <summary>Judges a file of calls against a policy.</summary>
    public static async Task<Command> JudgeAsync(string policy, params string[] lines)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("policylayer");
        try
        {
            string document = Path.Combine(folder.FullName, "policy.json");
            string calls = Path.Combine(folder.FullName, "calls.jsonl");
            await File.WriteAllTextAsync(document, policy);
            await File.WriteAllLinesAsync(calls, lines);
            return await RunAsync("check", document, "--calls", calls, "--json");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    public static async Task<Command> RunAsync(Setup setup, params string[] args)
    {
        using var output = new MemoryStream();
        using var error = new StringWriter { NewLine = "\n" };
        int exitCode = await PolicyLayerCommand.RunAsync(args, setup.ToEnvironment(output, error), setup.Cancellation);
        return new Command(exitCode, new UTF8Encoding(false, true).GetString(output.ToArray()), error.ToString());
    }

    internal sealed record Setup
    {
        public byte[] Input { get; init; } = [];

        /// <summary>What the input is read from in place of <see cref="Input"/>.</summary>
        public Stream? InputStream { get; init; }

        public bool IsInteractive { get; init; }

        public bool ShowsProgress { get; init; }

        public int? Width { get; init; }

        /// <summary>The width in place of one that stays <see cref="Width"/>.</summary>
        public Func<int?>? ReadWidth { get; init; }

        public bool UsesColor { get; init; }

        public Dictionary<string, string> Variables { get; init; } = [];

        public DateTimeOffset Now { get; init; } = new(2026, 1, 1, 0, 0, 30, TimeSpan.Zero);

        /// <summary>The clock in place of one that stands at <see cref="Now"/>.</summary>
        public TimeProvider? Time { get; init; }

        public CancellationToken Cancellation { get; init; }

        public CommandEnvironment ToEnvironment(Stream output, TextWriter error) => new()
        {
            Input = InputStream ?? new MemoryStream(Input),
            Output = output,
            Error = error,
            ReadTerminalWidth = ReadWidth ?? (() => Width),
            UsesColor = UsesColor,
            IsInteractive = IsInteractive,
            ShowsProgress = ShowsProgress,
            UserName = "carol",
            Time = Time ?? new FakeTimeProvider(Now),
            GetVariable = Variables.GetValueOrDefault,
        };
    }
}
