using PolicyLayer.Regexes;

namespace PolicyLayer.Tests.Regexes;

/// <summary>What a search anywhere doesn't need of a pattern is left out. That it means the same, the agreement tests show.</summary>
public class RegexEdgesTests
{
    [Theory]
    [InlineData(".*foo.*", "foo")]
    [InlineData(@"[\w.]+@[\w.]+", @"[\w.]@[\w.]")]
    [InlineData("(a+)+$", "a$")]
    [InlineData("(?:[a-z]{0,30}x){0,33}y", "y")]
    [InlineData("(?:(?:a*)b{2,3})+c{3}", "b{2}c{3}")]
    [InlineData("(?:a*b|c+d)e(?:f+|g{2,})", "(?:b|cd)e(?:f|g{2})")]
    [InlineData("(?:a+|b*)c?", "")]
    [InlineData("x(?:a|)", "x")]
    [InlineData("(?:a?b?c?)d(?:e?f?)", "d")]
    [InlineData("(?:a+b+)+", "ab")]
    public void Loops_at_the_edges_take_the_fewest_rounds(string pattern, string same) => Assert.Equal(States(same), States(pattern));

    [Theory]
    [InlineData("^a*b+$")]
    [InlineData(@"\ba*b?\b")]
    [InlineData("xa*b+y")]
    [InlineData("(?:a+b){2}")]
    [InlineData("x(?:a+b|cd)")]
    [InlineData("(?:ab+|cd)x")]
    public void What_stands_within_stays(string pattern)
    {
        new RegexParser(pattern, maxRanges: 100).Parse(out var syntax);
        Assert.Same(syntax, RegexEdges.Trim(syntax));
    }

    /// <summary>Were a part looked at twice at each depth, this would not end.</summary>
    [Fact]
    public void Deep_nests_are_trimmed_in_linear_time()
    {
        var pattern = new string('(', 100) + "ab" + string.Concat(Enumerable.Repeat("x*)", 100));
        Assert.Equal(2, States(pattern));
        Assert.Equal(2, States(string.Concat(Enumerable.Repeat("(x*", 100)) + "ab" + new string(')', 100)));
        Assert.Equal(2, States(string.Concat(Enumerable.Repeat("(x*", 100)) + "ab" + string.Concat(Enumerable.Repeat("x*)", 100))));
    }

    private static int States(string pattern)
    {
        new RegexParser(pattern, maxRanges: 10_000).Parse(out var syntax);
        return RegexEdges.Trim(syntax).States;
    }
}
