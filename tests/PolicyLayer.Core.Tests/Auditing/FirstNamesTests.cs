using PolicyLayer.DecisionTree.Reading;

namespace PolicyLayer.Tests.Auditing;

public sealed class FirstNamesTests
{
    private readonly FirstNames _names = new();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(1_000)]
    public void They_are_those_that_a_sorted_set_has_first(int count)
    {
        var random = new Random(count);
        for (int i = 0; i < 20; i++)
        {
            string[] names =
                [.. Enumerable.Range(0, count).Select(_ => new string((char)random.Next('a', 'f'), random.Next(70)) + random.Next(99))];
            _names.Clear();
            foreach (string name in names)
            {
                _names.Add(name);
            }

            var cut = names.Select(name => name.Length > 64 ? name[..64] : name);
            Assert.Equal(cut.Distinct().Order(StringComparer.Ordinal).Take(64), _names.ToArray());
        }
    }

    /// <summary>Each comes before all others, so that each is kept for a while.</summary>
    [Fact]
    public void Names_that_do_not_stay_cost_no_memory()
    {
        string[] names = [.. Enumerable.Range(0, 10_000).Select(i => $"n{10_000 - i:d5}")];
        _names.Clear();
        long before = GC.GetAllocatedBytesForCurrentThread();
        foreach (string name in names)
        {
            _names.Add(name);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
