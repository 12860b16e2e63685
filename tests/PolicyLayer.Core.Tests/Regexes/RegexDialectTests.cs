using System.Text;
using System.Text.Json;
using PolicyLayer.Regexes;
using PolicyLayer.Tests.Json;

namespace PolicyLayer.Tests.Regexes;

public class RegexDialectTests
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    public static TheoryData<string, string, bool> Matches()
    {
        var data = new TheoryData<string, string, bool>();
        foreach (var row in Read<MatchRow>("regex-matches.json"))
        {
            data.Add(row.Pattern, row.Input, row.Found);
        }

        return data;
    }

    internal static string[] Patterns() => [.. Read<MatchRow>("regex-matches.json").Select(row => row.Pattern).Distinct()];

    public static TheoryData<string, int, string> Refused()
    {
        var data = new TheoryData<string, int, string>();
        foreach (var row in Read<RefusedRow>("regex-refused.json"))
        {
            data.Add(row.Pattern, row.Position, row.Message);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Matches))]
    public void Pattern_is_found_where_the_table_says_so(string pattern, string input, bool found)
    {
        var compiled = RegexDialect.Compile(pattern);

        Assert.Null(compiled.Error);
        Assert.Equal(found, compiled.Regex!.IsMatch(input));
    }

    [Fact]
    public void Each_code_point_matches_those_that_ECMAScript_pairs_it_with_and_no_others()
    {
        string all = string.Concat(NameFoldingTests.Classes.SelectMany(points => points).Select(char.ConvertFromUtf32));
        foreach (int[] points in NameFoldingTests.Classes)
        {
            string[] paired = [.. points.Select(char.ConvertFromUtf32)];
            string others = paired.Aggregate(all, (text, one) => text.Replace(one, "", StringComparison.Ordinal));
            foreach (int point in points)
            {
                LinearRegex regex = RegexDialect.Compile($@"(?i)\x{{{point:X}}}").Regex!;
                Assert.All(paired, one => Assert.True(regex.IsMatch(one), $"U+{point:X4} {one}"));
                Assert.False(regex.IsMatch(others), $"U+{point:X4}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void Anything_else_is_refused_with_its_place(string pattern, int position, string message)
    {
        var error = RegexDialect.Compile(pattern).Error;

        Assert.NotNull(error);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal(position, error.Position);
        RegexFuzzTests.AssertWellFormed(pattern, error);
    }

    // Neither JSON nor the test runner takes these as rows.
    [Fact]
    public void Half_a_pair_is_refused()
    {
        AssertRefused("a\ud83d", 1, @"`\uD83D` is half of a surrogate pair");
        AssertRefused("\ude00a", 0, @"`\uDE00` is half of a surrogate pair");
        AssertRefused("[\ud83d]", 1, @"`\uD83D` is half of a surrogate pair");
        AssertRefused("\\\ud83d", 0, @"`\\uD83D` is no escape of this dialect");

        static void AssertRefused(string pattern, int position, string message)
        {
            var error = RegexDialect.Compile(pattern).Error;
            Assert.Equal((position, message), (error!.Position, error.Message));
        }
    }

    [Theory]
    [InlineData("a(?=b)", "there is no look-ahead; use a second rule")]
    [InlineData(@"a\Z", "use `$`, which is the very end")]
    [InlineData("a{", @"a literal one is written `\{`")]
    [InlineData(@"\p{^L}", @"use `\P{…}`")]
    [InlineData(@"[a-\d]", @"a literal hyphen is written `\-`")]
    public void Help_names_the_way_out(string pattern, string help) =>
        Assert.Equal(help, RegexDialect.Compile(pattern).Error!.Help);

    [Fact]
    public void Nested_quantifiers_cost_linear_time()
    {
        var regex = RegexDialect.Compile("[ab](a+)+$").Regex!;

        Assert.False(regex.IsMatch(new string('a', 100_000) + "!"));
        Assert.True(regex.IsMatch(new string('a', 100_000)));
    }

    [Theory]
    [InlineData("^[a-z ]+$", "ls la", true)]
    [InlineData(@"^\p{L}+$", "déjà𐐀", true)]
    [InlineData("(?i)[^x]{2}😀$", "ab😀", true)]
    [InlineData(@"\bdrop\b", "a 😀 b", false)]
    public void Matching_allocates_nothing_once_warm(string pattern, string input, bool found)
    {
        var regex = RegexDialect.Compile(pattern).Regex!;
        AssertNoAllocation(regex, input, found);
    }

    [Theory]
    [InlineData("^[a-z ]+$", "ls la", true)]
    [InlineData("(?:a|b).{20}c", "abababababababababababababababc", true)]
    [InlineData(@"\bdrop\b", "a 😀 b", false)]
    public void Matching_without_a_cache_allocates_nothing_either(string pattern, string input, bool found) =>
        AssertNoAllocation(RegexDialect.Compile(pattern, RegexDialect.DefaultMaxStates, new RegexMemory(0, 0)).Regex!, input, found);

    [Fact]
    public void Matching_a_long_astral_input_allocates_nothing_once_warm() =>
        AssertNoAllocation(RegexDialect.Compile("^(?:😀|a)+$").Regex!, string.Concat(Enumerable.Repeat("a😀", 5_000)), true);

    private static void AssertNoAllocation(LinearRegex regex, string text, bool found)
    {
        var input = Encoding.UTF8.GetBytes(text);

        // The runtime itself allocates now and then, as when it recompiles a method: some round must be free of that.
        Assert.Contains(0, Enumerable.Range(0, 10).Select(_ => AllocatedBy(regex, input, found)).ToArray());
    }

    private static long AllocatedBy(LinearRegex regex, byte[] input, bool found)
    {
        Assert.Equal(found, regex.IsMatch(input));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            regex.IsMatch(input);
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static T[] Read<T>(string file) =>
        JsonSerializer.Deserialize<T[]>(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Regexes", file)), Web)!;

    private sealed record MatchRow(string Pattern, string Input, bool Found);

    private sealed record RefusedRow(string Pattern, int Position, string Message);
}
