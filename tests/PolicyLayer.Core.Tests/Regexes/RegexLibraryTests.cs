using PolicyLayer.Regexes;

namespace PolicyLayer.Tests.Regexes;

/// <summary>
/// A few characters ask for thousands of states, or name thousands of ranges: what a policy's regexes take together is bounded.
/// </summary>
public class RegexLibraryTests
{
    [Theory]
    [InlineData(".{1000}")]
    [InlineData("(?:a{1,30}b){20}")]
    [InlineData("\\p{L}")]
    [InlineData("[\\p{L}\\p{N}]")]
    [InlineData("(?i)[b-\\x{FFFF}]")]
    [InlineData("(?i)[^\\p{Lu}-]")]
    public void Different_patterns_share_the_room_that_a_policy_has(string pattern)
    {
        int alone = CompiledWithin(room: 10_000, pattern);
        Assert.InRange(alone, 1, 50);
        Assert.InRange(CompiledWithin(room: 40_000, pattern), 3 * alone, 5 * (alone + 1));
    }

    [Fact]
    public void One_pattern_takes_no_more_than_the_room_before_it_is_refused()
    {
        string classes = "[" + string.Concat(Enumerable.Repeat("\\p{L}", 800)) + "]";
        var parser = new RegexParser(classes, maxRanges: 10_000);
        Assert.StartsWith("The policy's patterns are too large together", parser.Parse(out _)!.Message, StringComparison.Ordinal);
        Assert.InRange(parser.Ranges, 10_001, 12_000);
        Assert.Null(new RegexParser(classes, isSyntaxOnly: true, maxRanges: 0).Parse(out _));
    }

    [Fact]
    public void Equal_patterns_take_room_once_and_refused_ones_none_of_their_states()
    {
        var library = Library(room: 1_500);
        Assert.False(library.Compile("[a-c]{600}{2}").IsValid);
        Assert.False(library.Compile("(?:.{1000}){1}.{900}").IsValid);
        for (var i = 0; i < 10; i++)
        {
            Assert.True(library.Compile(".{1000}").IsValid);
        }

        Assert.False(library.Compile(".{500}").IsValid);
        Assert.True(library.Compile(".{400}").IsValid);
    }

    [Fact]
    public void Usual_policies_have_room_for_hundreds_of_large_patterns()
    {
        var patterns = Enumerable.Range(0, 300).Select(i =>
            $$"""{ "conditions": [ { "path": "args.a", "op": "regex", "value": "^[\\p{L}\\p{N} ._-]{1,200}{{i}}$" } ] }""");
        var json = $$"""{ "version": "1", "default": "deny", "tools": { "t": { "require": [ {{string.Join(',', patterns)}} ] } } }""";
        Assert.Empty(Policy.Load(json).Diagnostics);
    }

    private static int CompiledWithin(long room, string pattern)
    {
        var library = Library(room);
        return Enumerable.Range(0, 1_000).TakeWhile(i => library.Compile(pattern + "x" + i).IsValid).Count();
    }

    private static RegexLibrary Library(long room) => new(RegexDialect.DefaultMaxStates, new RegexMemory(0, 0), room);
}
