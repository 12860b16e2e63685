using PolicyLayer.Grammars.Addresses;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Tests.Grammars;

/// <summary>Which URLs lead to a listed host.</summary>
public sealed class UrlInTests
{
    public static TheoryData<GrammarRow> Rows() => GrammarRow.Read("url_in.json");

    [Theory]
    [MemberData(nameof(Rows))]
    public void Url_is_judged_as_the_table_says(GrammarRow row) => row.Holds(UrlIn.FindProblem, UrlIn.Judge);

    [Fact]
    public void Judging_allocates_nothing() => GrammarCosts.AreNone("url_in.json", UrlIn.Judge);

    /// <summary>Would take minutes if any part were looked at once for each other one.</summary>
    [Theory]
    [InlineData("https://a.test/", "a/", "true")]
    [InlineData("https://a.test/", "%2e/", "true")]
    [InlineData("https://a.test/?", "é@/?#", "true")]
    [InlineData("https://a.test?", "x@", "unjudgeable")]
    [InlineData("https://", "a.", "unjudgeable")]
    [InlineData("https://", "1.", "unjudgeable")]
    [InlineData("https://[", "1:", "unjudgeable")]
    [InlineData("https://a.test:", "1", "unjudgeable")]
    [InlineData("https://", "@", "unjudgeable")]
    public void Long_urls_are_read_once(string start, string part, string expected)
    {
        Judge judge = UrlIn.Judge;
        string url = start + string.Concat(Enumerable.Repeat(part, GrammarCosts.Long / part.Length));

        Assert.Equal(expected, judge.JudgeText(url, "b.test", "a.test/x/", "a.test").ToString(), ignoreCase: true);
        Assert.NotEqual(Judgement.True, judge.JudgeText(url, [.. Enumerable.Repeat("a.test/x/", 10_000)]));
    }
}
