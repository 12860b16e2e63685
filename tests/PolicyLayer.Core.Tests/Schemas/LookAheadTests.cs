namespace PolicyLayer.Tests.Schemas;

/// <summary>Look-aheads of <c>pattern</c>: what is said of those that are refused. What the others mean is in the tables.</summary>
public sealed class LookAheadTests
{
    [Theory]
    [InlineData("^(?!a(?=b))c", 6)]
    [InlineData("^(?!a)(?=b(?!c))d", 11)]
    [InlineData("^(?!a)b(?!c)", 8)]
    [InlineData("^(?!a)b|c(?!d)", 2)]
    [InlineData("^(?!a)b**", 9)]
    [InlineData("a(?<!b)", 2)]
    public void What_is_refused_is_told_where_it_stands_in_the_whole_pattern(string pattern, int character)
    {
        PolicyDiagnostic finding = Assert.Single(CompiledSchema.Of($$"""{"pattern":"{{pattern}}"}""").Findings);
        Assert.EndsWith($", at character {character}.", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Failure_names_the_pattern_as_it_is_written()
    {
        CompiledSchema schema = CompiledSchema.Of("""{"pattern":"^(?!a)b"}""");
        Assert.False(schema.Accepts("\"secret\""));
        Assert.Equal("The arguments must match `^(?!a)b`.", schema.Failure!.Message);
        Assert.False(schema.Accepts("\"a\""));
        Assert.Equal("The arguments must match `^(?!a)b`.", schema.Failure!.Message);
    }
}
