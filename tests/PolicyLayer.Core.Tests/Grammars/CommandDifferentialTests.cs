using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using PolicyLayer.Grammars;
using PolicyLayer.Grammars.Commands;
using PolicyLayer.Json.Values;
using PolicyLayer.Tests.Differential;

namespace PolicyLayer.Tests.Grammars;

/// <summary>Scripts, patterns and arrays are judged as <see cref="NaiveCommands"/> judges them.</summary>
public sealed class CommandDifferentialTests
{
    private const int ScriptsPerList = 10;

    [Fact]
    public void Scripts_are_read_and_judged_as_the_naive_reader_does()
    {
        var seen = new Dictionary<Judgement, int>();
        HoldForLists((generator, patterns, utf8) =>
        {
            for (int i = 0; i < ScriptsPerList; i++)
            {
                string script = generator.Script(damagePercent: 30);
                IEnumerable<List<string>>? words = NaiveCommands.Read(script)?.Select(command => command.Words);
                Assert.True(Written(words) == Written(ReaderWords.Of(script)), script);
                foreach (bool mustHold in (bool[])[true, false])
                {
                    Judgement expected = NaiveCommands.Judge(script, patterns, mustHold);
                    Judgement judged = CommandIn.Judge(Encoding.UTF8.GetBytes(script), utf8.Patterns, mustHold);
                    Assert.True(expected == judged, $"{expected}, not {judged}: {script} by {string.Join(" or ", patterns)}");
                    seen[expected] = seen.GetValueOrDefault(expected) + 1;
                }
            }
        });
        Assert.All(Enum.GetValues<Judgement>(), judgement => Assert.True(seen[judgement] > 1_000, judgement + " is too rare"));
    }

    [Fact]
    public void Patterns_are_refused_where_the_naive_reader_refuses_them()
    {
        int refused = 0;
        Hold(random =>
        {
            string pattern = new ScriptGenerator(random).Pattern(damagePercent: 60);
            bool isPattern = NaiveCommands.IsPattern(pattern);
            refused += isPattern ? 0 : 1;
            Assert.True(isPattern == CommandIn.FindProblem(Encoding.UTF8.GetBytes(pattern)) is null, pattern);
        });
        Assert.True(refused > 100, "too few patterns are refused");
    }

    [Fact]
    public void Arrays_are_judged_as_the_naive_reader_does()
    {
        var seen = new Dictionary<Judgement, int>();
        HoldForLists((generator, patterns, utf8) =>
        {
            for (int i = 0; i < ScriptsPerList; i++)
            {
                string[] words = generator.Arguments();
                (byte[] text, int[] ends) = ArgvInTests.Laid(words);
                Judgement expected = NaiveCommands.Judge([.. words], patterns);
                seen[expected] = seen.GetValueOrDefault(expected) + 1;
                Assert.Equal(expected, ArgvIn.Judge(new ArgumentWords(text, ends), utf8.Patterns));
            }
        });
        Assert.InRange(seen[Judgement.True], 1_000, int.MaxValue);
        Assert.InRange(seen[Judgement.False], 1_000, int.MaxValue);
    }

    private static string? Written(IEnumerable<List<string>>? commands) => commands is null ? null : JsonSerializer.Serialize(commands);

    private static void HoldForLists(Action<ScriptGenerator, string[], TextList> check) => Hold(random =>
    {
        var generator = new ScriptGenerator(random);
        string[] patterns = [.. generator.Patterns().Where(NaiveCommands.IsPattern)];
        check(generator, patterns, GrammarRow.ListOf(patterns.AsEnumerable()));
    });

    private static void Hold(Action<Random> check) =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed => check(new Random(seed)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(GeneratedCases.Long ? 100_000 : 1_000));
}
