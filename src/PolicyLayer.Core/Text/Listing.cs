namespace PolicyLayer.Text;

/// <summary>Lists in sentences: each item once, in order.</summary>
internal static class Listing
{
    /// <summary>So many items are listed; of one more it is only said that it is there.</summary>
    public const int Enough = 16;

    /// <summary>All, or the first ones and that there are more.</summary>
    public static string Cut(IReadOnlyCollection<string> items) =>
        Join(items.Take(Enough), "and", items.Count <= Enough ? null : "more");

    public static string Or(IEnumerable<string> items) => Join(items, "or", null);

    /// <param name="items">The items.</param>
    /// <param name="word">What stands before the last.</param>
    /// <param name="rest">What stands in place of what isn't listed; null where all is.</param>
    public static string Join(IEnumerable<string> items, string word, string? rest)
    {
        string[] told = [.. items.Distinct(StringComparer.Ordinal), .. rest is null ? (string[])[] : [rest]];
        return told.Length < 2 ? string.Concat(told) : $"{string.Join(", ", told[..^1])} {word} {told[^1]}";
    }
}
