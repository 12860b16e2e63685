using System.Text;
using PolicyLayer.DecisionTree.Schemas;

namespace PolicyLayer.Tests.Schemas;

public sealed class NameHashTests
{
    [Theory]
    [InlineData("path", "PaTh")]
    [InlineData("sessionToken", "\u017fe\u017f\u017fionTo\u212aen")]
    [InlineData("é", "É")]
    [InlineData("abcdefghé", "ABCDEFGHÉ")]
    public void Names_that_are_equal_but_for_case_have_one_hash(string a, string b) => Assert.Equal(Hash(a), Hash(b));

    /// <summary>
    /// Twelve places with one of two characters each: pairs that a bit of case tells apart and that are no letters, or zeros.
    /// </summary>
    [Theory]
    [InlineData('[', '{')]
    [InlineData('@', '`')]
    [InlineData('_', '\u007f')]
    [InlineData('\0', ' ')]
    [InlineData('Ā', 'ŀ')]
    public void Names_that_differ_by_more_than_case_have_hashes_of_their_own(char one, char other)
    {
        IEnumerable<string> names = Enumerable.Range(0, 4_096)
            .Select(i => string.Concat(Enumerable.Range(0, 12).Select(place => (i >> place & 1) == 0 ? one : other)));

        Assert.InRange(names.Select(name => Hash(name) & 0xFFFF).Distinct().Count(), 3_800, 4_096);
    }

    [Fact]
    public void Names_that_end_in_zeros_have_hashes_of_their_own() =>
        Assert.Equal(40, Enumerable.Range(0, 40).Select(zeros => Hash("a" + new string('\0', zeros))).Distinct().Count());

    private static ulong Hash(string name) => NameHash.Of(Encoding.UTF8.GetBytes(name));
}
