using PolicyLayer.Grammars.Paths;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Tests.Grammars;

/// <summary>Which paths lie in a directory.</summary>
public sealed class WithinTests
{
    public static TheoryData<GrammarRow> Rows() => GrammarRow.Read("within.json");

    [Theory]
    [MemberData(nameof(Rows))]
    public void Path_is_judged_as_the_table_says(GrammarRow row) => row.Holds(Within.FindProblem, Within.Judge);

    [Fact]
    public void Judging_allocates_nothing() => GrammarCosts.AreNone("within.json", Within.Judge);

    /// <summary>Would take minutes if any step were looked at once for each other one.</summary>
    [Theory]
    [InlineData("/")]
    [InlineData("/./")]
    [InlineData("/a/")]
    [InlineData("/~/")]
    [InlineData("/ü/")]
    [InlineData("/a . /")]
    public void Long_paths_are_read_once(string steps)
    {
        Judge judge = Within.Judge;
        string path = string.Concat(Enumerable.Repeat(steps, GrammarCosts.Long / steps.Length));

        Assert.Equal(Judgement.True, judge.JudgeText("/x" + path, "/y", "/x"));
        Assert.Equal(Judgement.True, judge.JudgeText("/x" + path + "z", "/x" + path + "Z", "/x" + path));
        Assert.NotEqual(Judgement.True, judge.JudgeText("C:/x" + path + "z", "C:/x" + path + "y"));
    }
}
