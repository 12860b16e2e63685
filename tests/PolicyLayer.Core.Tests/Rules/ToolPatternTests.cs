using FsCheck;
using FsCheck.Fluent;
using PolicyLayer.DecisionTree;
using PolicyLayer.Tests.Differential;
using PolicyLayer.Tests.Json;

namespace PolicyLayer.Tests.Rules;

/// <summary>Which names a tool pattern matches, which pattern wins, and what looking costs.</summary>
public sealed class ToolPatternTests
{
    private static int Count => GeneratedCases.Long ? 1_000_000 : 20_000;

    [Fact]
    public void A_pattern_matches_what_trying_everything_finds() =>
        Prop.ForAll(Patterns(1).SelectMany(_ => Names(), (patterns, name) => (patterns[0], name)).ToArbitrary(), pair =>
            new ToolPattern(pair.Item1).Matches(pair.name) == NaivePattern.Matches(pair.Item1, pair.name))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Count));

    /// <summary>As warnings of hidden entries and of covered patterns take it.</summary>
    [Fact]
    public void A_pattern_that_matches_the_text_of_another_matches_all_its_names() =>
        Prop.ForAll(Patterns(2).SelectMany(_ => Names(), (patterns, name) => (patterns[0], patterns[^1], name)).ToArbitrary(), three =>
            !new ToolPattern(three.Item1).Matches(three.Item2)
                || !NaivePattern.Matches(three.Item2, three.name)
                || NaivePattern.Matches(three.Item1, three.name))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Count));

    [Fact]
    public void The_winner_of_many_patterns_is_the_one_that_the_order_names() =>
        Prop.ForAll(Patterns(12).SelectMany(_ => Names(), (patterns, name) => (patterns, name)).ToArbitrary(), drawn =>
        {
            string tools = string.Join(",", drawn.patterns.Select(pattern => $"\"{pattern}\":{{\"action\":\"deny\"}}"));
            Policy policy = Policy.Parse($"{{\"version\":\"1\",\"default\":\"deny\",\"tools\":{{{tools}}}}}");
            return policy.Tree.Find(drawn.name).Verdict.Rule
                == (NaivePattern.Winner(drawn.patterns, drawn.name) is { } key ? $"/tools/{key}/action" : "/default");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(Count / 4));

    [Fact]
    public void The_first_pattern_of_hide_that_matches_is_named() =>
        Prop.ForAll(Patterns(12).SelectMany(_ => Names(), (patterns, name) => (patterns, name)).ToArbitrary(), drawn =>
        {
            string hide = string.Join(",", drawn.patterns.Select(pattern => $"\"{pattern}\""));
            Policy policy = Policy.Parse($"{{\"version\":\"1\",\"default\":\"allow\",\"hide\":[{hide}]}}");
            int first = Array.FindIndex(drawn.patterns, pattern => NaivePattern.Matches(pattern, drawn.name));
            return policy.Tree.Find(drawn.name).Verdict.Rule == (first < 0 ? "" : $"/hide/{first}");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(Count / 4));

    [Fact]
    public void Under_default_allow_every_other_case_of_a_listed_name_is_unlisted()
    {
        foreach (int[] points in NameFoldingTests.Classes)
        {
            string listed = "-" + char.ConvertFromUtf32(points[0]);
            Policy policy = Policy.Parse($"{{\"version\":\"1\",\"default\":\"allow\",\"tools\":{{\"{listed}\":{{}}}}}}");
            Assert.Equal(DecisionCode.Allowed, policy.Tree.Find(listed).Verdict.Code);
            Assert.All(points[1..], point => Assert.Equal(
                DecisionCode.NotListed, policy.Tree.Find("-" + char.ConvertFromUtf32(point)).Verdict.Code));
            Assert.Equal(DecisionCode.Allowed, policy.Tree.Find(listed + "\u0307").Verdict.Code);
        }
    }

    [Theory]
    [InlineData("a*b", "a", 0xd800, "b")]
    [InlineData("*", "", 0xdc00, "")]
    [InlineData("*\U0001f600", "\U0001f600", 0xde00, "")]
    [InlineData("x", "", 0xd800, "X")]
    [InlineData("\ufffd", "", 0xd800, "")]
    public void Names_that_are_no_Unicode_text_match_no_pattern_and_are_nobodys_variant(
        string pattern, string before, int half, string after)
    {
        string name = before + (char)half + after;
        foreach (string list in (string[])[$"\"tools\":{{\"{pattern}\":{{}}}}", $"\"hide\":[\"{pattern}\"]"])
        {
            Policy policy = Policy.Parse($"{{\"version\":\"1\",\"default\":\"allow\",{list}}}");
            Assert.Equal(DecisionCode.ArgumentsMalformed, policy.Tree.Find(name).Verdict.Code);
        }
    }

    [Fact]
    public void A_name_is_no_longer_than_all_looks_may_read()
    {
        string patterns = string.Join(",", Enumerable.Range(0, 1_000).Select(i => $"\"*a{i}\""));
        string entries = patterns.Replace(",", ":{},", StringComparison.Ordinal) + ":{}";
        foreach (string list in (string[])[$"\"hide\":[{patterns}]", $"\"tools\":{{{entries}}}"])
        {
            Policy policy = Policy.Parse($"{{\"version\":\"1\",\"default\":\"allow\",{list}}}");
            Assert.Equal(DecisionCode.Allowed, policy.Tree.Find(new string('a', 33_554)).Verdict.Code);
            Assert.Equal(DecisionCode.ArgumentsTooLarge, policy.Tree.Find(new string('a', 33_555)).Verdict.Code);
        }
    }

    [Fact]
    public void Patterns_that_end_in_their_only_star_bound_no_name()
    {
        Policy policy = Policy.Parse("""{"version":"1","default":"deny","tools":{"a*":{},"b":{},"*":{}}}""");
        Assert.Equal(DecisionCode.Allowed, policy.Tree.Find(new string('c', 33_554_433)).Verdict.Code);
    }

    [Fact]
    public void A_thousand_wildcards_of_both_lists_are_allowed_and_one_more_is_not()
    {
        string hide = string.Join(",", Enumerable.Range(0, 400).Select(i => $"\"*h{i}\""));
        string Document(int tools) =>
            $"{{\"version\":\"1\",\"default\":\"deny\",\"hide\":[{hide},\"exact\",\"final*\"],\"tools\":{{\"z*\":{{}},"
            + string.Join(",", Enumerable.Range(0, tools).Select(i => $"\"*t{i}\":{{}}")) + "}}";
        Assert.Empty(Policy.Load(Document(600)).Diagnostics);
        PolicyDiagnostic found = Assert.Single(Policy.Load(Document(603)).Diagnostics);
        Assert.Equal("PL1012 /tools/*t600", $"{found.Id} {found.Pointer}");
    }

    /// <summary>Few letters, so that parts meet, overlap and repeat.</summary>
    private static Gen<string> Names() =>
        Gen.Elements("a", "b", "ab", "aab", "\U0001f600", "_").ArrayOf().Select(parts => string.Concat(parts.Take(9)));

    private static Gen<string[]> Patterns(int most) =>
        Gen.Elements("a", "b", "*", "*", "ab", "\U0001f600", "_").ArrayOf().Select(parts => Written(parts.Take(12)))
            .Where(pattern => pattern.Length > 0).NonEmptyListOf().Select(patterns => patterns.Distinct().Take(most).ToArray());

    private static string Written(IEnumerable<string> parts)
    {
        string text = "";
        int stars = 0;
        foreach (string part in parts)
        {
            bool isStar = part == "*";
            if (!isStar || (stars < 8 && !text.EndsWith('*')))
            {
                stars += isStar ? 1 : 0;
                text += part;
            }
        }

        return text;
    }
}
