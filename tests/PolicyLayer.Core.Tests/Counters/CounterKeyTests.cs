using FsCheck.Xunit;
using PolicyLayer.Counters;
using PolicyLayer.Testing;

namespace PolicyLayer.Tests.Counters;

/// <summary>The text under which databases keep a counter.</summary>
public sealed class CounterKeyTests
{
    private static readonly string[] Parts =
    [
        "", "a", "|", "%", "%007c", "a|", "|a", "\0", "\n", "\ud800", "\ud801", "\U0001F600", "{a}", "é", "e\u0301", "A",
    ];

    [Property(MaxTest = 2_000)]
    public void No_two_keys_share_a_text(int seed)
    {
        var random = new Random(seed);
        CounterKey one = Key(random);
        CounterKey other = Key(random);
        Assert.Equal(one.Equals(other), string.Equals(one.ToString(), other.ToString(), StringComparison.Ordinal));
        Assert.DoesNotContain(one.ToString(), char.IsSurrogate);
        Assert.DoesNotContain(one.ToString(), char.IsControl);
    }

    /// <summary>Counters are found again by it: it may never change.</summary>
    [Theory]
    [InlineData(CounterScope.Grant, CounterAlgorithm.Fixed, "p%007c1|calls|grant|ci%0025||60|fixed")]
    [InlineData(CounterScope.Session, CounterAlgorithm.Sliding, "p%007c1|calls|session|ci%0025|%0000|60|sliding")]
    [InlineData(CounterScope.Policy, CounterAlgorithm.Fixed, "p%007c1|calls|policy|||60|fixed")]
    public void The_text_is_the_same_in_every_version(CounterScope scope, CounterAlgorithm algorithm, string text) =>
        Assert.Equal(text, new CounterKey(CaseStore.Definition("calls", scope, 60, algorithm, "p|1"), "ci%", "\0").ToString());

    private static CounterKey Key(Random random)
    {
        string Name() => string.Concat(Enumerable.Range(0, random.Next(3)).Select(_ => Parts[random.Next(Parts.Length)]));
        CounterDefinition definition = CaseStore.Definition(
            Name(), (CounterScope)random.Next(3), random.Next(2) == 0 ? 1 : 11, (CounterAlgorithm)random.Next(2), Name());
        return new CounterKey(definition, Name(), Name());
    }
}
