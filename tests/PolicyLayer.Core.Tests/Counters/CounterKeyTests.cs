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

    [Property(MaxTest = 2_000)]
    public void A_text_is_read_back_and_no_other_text_is_that_key(int seed)
    {
        var random = new Random(seed);
        CounterKey key = Key(random);
        string text = key.ToString();
        Assert.True(CounterKey.TryParse(text, out CounterKey read));
        Assert.Equal(key, read);
        char[] changed = [.. text];
        changed[random.Next(text.Length)] = "|%0aAé"[random.Next(6)];
        string other = new(changed);
        Assert.True(other == text || !CounterKey.TryParse(other, out read) || (read != key && read.ToString() == other));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("p|c|grant|g||60")]
    [InlineData("p|c|all|g||60|fixed")]
    [InlineData("p|c|grant|g||0|fixed")]
    [InlineData("p|c|grant|g||060|fixed")]
    [InlineData("p|c|grant|g||+60|fixed")]
    [InlineData("p|c|grant|g||2678401|fixed")]
    [InlineData("p|c|grant|g||Week|fixed")]
    [InlineData("p|c|grant|g||week|sliding")]
    [InlineData("p|c|grant|g||60|Fixed")]
    [InlineData("p|c|grant|g|s|60|fixed")]
    [InlineData("p|c|policy|g||60|fixed")]
    [InlineData("p|c|grant|%0067||60|fixed")]
    [InlineData("p|c|grant|%||60|fixed")]
    [InlineData("p|c|grant|%7c||60|fixed")]
    [InlineData("p|c|grant|%007C||60|fixed")]
    [InlineData("p|c|grant|\n||60|fixed")]
    [InlineData("p|c|grant|g||60|fixed|limit")]
    [InlineData("p|c|grant|g||60|fixed|tag")]
    [InlineData("p|c|grant|g||60|fixed|mark|")]
    [InlineData("p|c|grant|g||60|fixed|limit|0123456789abcdef0123456789abcde")]
    [InlineData("p|c|grant|g||60|fixed|limit|0123456789ABCDEF0123456789abcdef")]
    [InlineData("p|c|grant|g||60|fixed|mark|0123456789abcdef0123456789abcdef|")]
    public void What_no_key_writes_is_none(string? text)
    {
        Assert.False(CounterKey.TryParse(text, out CounterKey key));
        Assert.Null(key.Definition);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("060")]
    [InlineData("60\0")]
    [InlineData(" 60")]
    [InlineData("+60")]
    [InlineData("-1")]
    [InlineData("60.0")]
    [InlineData("\u0666\u0660")]
    [InlineData("2678401")]
    [InlineData("99999999999")]
    [InlineData("Week")]
    public void What_no_window_writes_is_none(string text)
    {
        Assert.False(CounterWindowLength.TryParse(text, out CounterWindowLength window));
        Assert.Equal(default, window);
    }

    [Fact]
    public void A_window_is_read_back()
    {
        foreach (CounterWindowLength written in (CounterWindowLength[])
            [
                CounterWindowLength.FromSeconds(1), CounterWindowLength.FromSeconds(60),
                CounterWindowLength.FromSeconds(CounterWindowLength.MaxSeconds), CounterWindowLength.Week, CounterWindowLength.Month,
            ])
        {
            Assert.True(CounterWindowLength.TryParse(written.ToString(), out CounterWindowLength read));
            Assert.Equal(written, read);
        }
    }

    /// <summary>Counters are found again by it: it may never change.</summary>
    [Fact]
    public void The_text_of_marks_and_values_is_the_same_in_every_version()
    {
        string digest = "0123456789abcdef0123456789abcdef";
        CounterDefinition Of(CounterKind kind, bool isPartitioned) =>
            new("p", "c", CounterScope.Policy, CounterWindowLength.Month, kind: kind, isPartitioned: isPartitioned);
        Assert.Equal("p|c|policy|||month|fixed", new CounterKey(Of(CounterKind.Limit, false), null, null).ToString());
        Assert.Equal("p|c|policy|||month|fixed|mark", new CounterKey(Of(CounterKind.Mark, false), null, null).ToString());
        Assert.Equal(
            $"p|c|policy|||month|fixed|limit|{digest}", new CounterKey(Of(CounterKind.Limit, true), null, null, digest).ToString());
        Assert.Equal($"p|c|policy|||month|fixed|mark|{digest}", new CounterKey(Of(CounterKind.Mark, true), null, null, digest).ToString());
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
        CounterWindowLength[] windows =
            [CounterWindowLength.FromSeconds(1), CounterWindowLength.FromSeconds(11), CounterWindowLength.Week, CounterWindowLength.Month];
        CounterWindowLength window = windows[random.Next(windows.Length)];
        var definition = new CounterDefinition(
            Name(),
            Name(),
            (CounterScope)random.Next(3),
            window,
            window.IsCalendar ? CounterAlgorithm.Fixed : (CounterAlgorithm)random.Next(3),
            (CounterKind)random.Next(2),
            random.Next(2) == 0);
        return new CounterKey(definition, Name(), Name(), new string("0f"[random.Next(2)], 32));
    }
}
