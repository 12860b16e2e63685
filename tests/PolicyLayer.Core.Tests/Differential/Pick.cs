namespace PolicyLayer.Tests.Differential;

/// <summary>Choices of the generators, all of one seed.</summary>
internal static class Pick
{
    public static T One<T>(this Random random, IReadOnlyList<T> from) => from[random.Next(from.Count)];

    public static bool Percent(this Random random, int percent) => random.Next(100) < percent;

    public static List<T> Several<T>(this Random random, int most, Func<T> make) =>
        [.. Enumerable.Range(0, random.Next(most + 1)).Select(_ => make())];
}
