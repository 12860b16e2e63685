using System.Diagnostics;
using System.Globalization;
using System.Text;
using PolicyLayer.Grammars;
using PolicyLayer.Grammars.Commands;
using PolicyLayer.Json.Values;
using PolicyLayer.Tests.Differential;

namespace PolicyLayer.Tests.Grammars;

/// <summary>
/// Whatever <c>command_in</c> accepts, a shell accepts, and runs nothing but listed programs with exactly the words that were judged.
/// A shell runs many scripts at once, with functions in place of programs (<c>run-scripts.sh</c>).
/// </summary>
public sealed class ShellTests
{
    private const int ScriptsPerRun = 1_000;
    private const int Seed = 11_020;

    /// <summary>Every program is listed, so what is accepted depends on the grammar alone.</summary>
    private static readonly TextList Patterns = GrammarRow.ListOf(ScriptGenerator.Programs.Select(program => program + " **"));

    private static int Runs => GeneratedCases.Long ? 100 : 1;

    [ShellFact]
    public void Shells_find_no_fault_in_what_is_accepted() => InFolders(Runs, (root, scripts) =>
    {
        foreach (string shell in (string[])["dash", "bash"])
        {
            const string Check = """for script in "$1"/scripts/*; do "$0" -n "$script" || echo "$script"; done""";
            Assert.Equal("", Run(shell, "-c", Check, shell, root));
        }
    });

    [ShellFact]
    public void Bash_hands_listed_programs_the_words_that_were_judged() =>
        InFolders(Runs, (root, scripts) => Compare("bash", root, scripts));

    [ShellFact]
    public void Dash_hands_listed_programs_the_words_that_were_judged() =>
        InFolders((Runs + 9) / 10, (root, scripts) => Compare("dash", root, scripts));

    private static void Compare(string shell, string root, List<string> scripts)
    {
        foreach (int status in (int[])[0, 1])
        {
            string runner = Path.Combine(AppContext.BaseDirectory, "Grammars", "run-scripts.sh");
            Assert.Equal("", Run(shell, [runner, root, $"{status}", .. ScriptGenerator.Programs]));
            foreach ((int index, string script) in scripts.Index())
            {
                IEnumerable<string> ran = Ran(File.ReadAllText(Path.Combine(root, $"log-{status}", Name(index))));
                Assert.True(Expected(script, status).SequenceEqual(ran), $"{script}\n{shell} ran: {string.Join("\n", ran)}");
            }
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(root, "work")));
    }

    /// <summary>What listed programs are handed when all end with this status; sorted, as members of a pipe run in any order.</summary>
    private static IEnumerable<string> Expected(string script, int status)
    {
        var expected = new List<string>();
        bool runs = true;
        foreach ((List<string> words, NaiveCommand command) in ReaderWords.Of(script)!.Zip(NaiveCommands.Read(script)!))
        {
            runs = command.Join switch
            {
                "|" => runs,
                "&&" => status == 0,
                "||" => status != 0,
                _ => true,
            };
            expected.AddRange(runs ? [string.Join('\0', words)] : []);
        }

        return expected.Order(StringComparer.Ordinal);
    }

    private static IEnumerable<string> Ran(string log)
    {
        var ran = new List<string>();
        string[] parts = log.Replace('\u0001', '\n').Split('\0');
        for (int at = 0, count; at < parts.Length - 1; at += count + 1)
        {
            count = int.Parse(parts[at], CultureInfo.InvariantCulture);
            ran.Add(string.Join('\0', parts.AsSpan(at + 1, count)!));
        }

        return ran.Order(StringComparer.Ordinal);
    }

    private static void InFolders(int runs, Action<string, List<string>> check)
    {
        for (int run = 0; run < runs; run++)
        {
            string root = Directory.CreateTempSubdirectory("policylayer-commands-").FullName;
            try
            {
                Array.ForEach(["scripts", "work", "log-0", "log-1"], folder => Directory.CreateDirectory(Path.Combine(root, folder)));
                List<string> scripts = Accepted(new Random(Seed + run));
                foreach ((int index, string script) in scripts.Index())
                {
                    File.WriteAllText(Path.Combine(root, "scripts", Name(index)), script);
                }

                check(root, scripts);
            }
            finally
            {
                Directory.Delete(root, recursive: true);
            }
        }
    }

    private static List<string> Accepted(Random random)
    {
        var generator = new ScriptGenerator(random);
        var accepted = new List<string>();
        while (accepted.Count < ScriptsPerRun)
        {
            string script = generator.Script(damagePercent: 40);
            if (CommandIn.Judge(Encoding.UTF8.GetBytes(script), Patterns.Patterns, mustHold: true) == Judgement.True)
            {
                accepted.Add(script);
            }
        }

        return accepted;
    }

    private static string Run(string shell, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(shell, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output + errors.GetAwaiter().GetResult();
    }

    private static string Name(int index) => index.ToString("D4", CultureInfo.InvariantCulture);
}
