using System.Text;
using FsCheck;
using FsCheck.Fluent;
using PolicyLayer.Grammars;
using PolicyLayer.Grammars.Addresses;
using PolicyLayer.Grammars.Commands;
using PolicyLayer.Grammars.Paths;
using PolicyLayer.Json.Values;
using PolicyLayer.Tests.Grammars;

namespace PolicyLayer.Tests.Differential;

/// <summary>Each grammar alone says of short texts and patterns what its naive reader says.</summary>
public sealed class GrammarDifferentialTests
{
    private const int TextsPerList = 10;

    [Theory]
    [InlineData("within")]
    [InlineData("url_in")]
    [InlineData("email_in")]
    [InlineData("command_in")]
    public void Texts_are_judged_as_the_naive_reader_does(string op)
    {
        var seen = new Dictionary<Judgement, int>();
        Hold(random =>
        {
            var generator = new GrammarGenerator(random);
            string[] patterns = generator.Patterns(op);
            TextList utf8 = GrammarRow.ListOf(patterns.AsEnumerable());
            for (int i = 0; i < TextsPerList; i++)
            {
                string text = generator.Text(op, patterns);
                bool mustHold = random.Percent(50);
                Truth expected = NaiveGrammars.Judge(op, Json.String(text), patterns, mustHold);
                Judgement judged = JudgeText(op, Encoding.UTF8.GetBytes(text), utf8, mustHold);
                seen[judged] = seen.GetValueOrDefault(judged) + 1;
                string said = $"{expected}, not {judged}: `{text}` by `{string.Join("` or `", patterns)}`";
                Assert.True(expected.ToString() == judged.ToString(), said);
            }
        });
        Assert.All(Enum.GetValues<Judgement>(), judgement => Assert.True(seen[judgement] > 500, judgement + " is too rare"));
    }

    [Theory]
    [InlineData("within")]
    [InlineData("url_in")]
    [InlineData("email_in")]
    [InlineData("command_in")]
    public void Patterns_are_refused_as_the_naive_reader_does(string op)
    {
        int refused = 0;
        Hold(random =>
        {
            string pattern = new GrammarGenerator(random).Pattern(op);
            bool isPattern = NaiveGrammars.IsPattern(op, pattern);
            refused += isPattern ? 0 : 1;
            string? problem = FindProblem(op, Encoding.UTF8.GetBytes(pattern));
            Assert.True(isPattern == problem is null, $"`{pattern}`: {problem}");
        });
        Assert.True(refused > 20, "too few patterns are refused");
    }

    private static Judgement JudgeText(string op, byte[] text, TextList utf8, bool mustHold)
    {
        TextPatterns patterns = utf8.Patterns;
        return op switch
        {
            "within" => Within.Judge(text, patterns),
            "url_in" => UrlIn.Judge(text, patterns),
            "email_in" => EmailIn.Judge(text, patterns),
            _ => CommandIn.Judge(text, patterns, mustHold),
        };
    }

    private static string? FindProblem(string op, byte[] pattern) => op switch
    {
        "within" => Within.FindProblem(pattern),
        "url_in" => UrlIn.FindProblem(pattern),
        "email_in" => EmailIn.FindProblem(pattern),
        _ => CommandIn.FindProblem(pattern),
    };

    private static void Hold(Action<Random> check) =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed => check(new Random(seed)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(GeneratedCases.Long ? 100_000 : 1_000));
}
