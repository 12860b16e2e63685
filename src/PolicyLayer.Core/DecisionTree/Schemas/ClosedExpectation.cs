using System.Globalization;
using PolicyLayer.Text;

namespace PolicyLayer.DecisionTree.Schemas;

/// <summary>
/// What <c>additionalProperties: false</c> asks: no name but the declared ones, which a failure lists. Its words are made when it fails.
/// </summary>
/// <param name="Owner">Where the keyword stands.</param>
/// <param name="Names">The names that may be given, in the schema's order.</param>
/// <param name="Patterns">What other names may match.</param>
internal sealed record ClosedExpectation(Place Owner, string[] Names, string[] Patterns) : SchemaExpectation(Owner, null, "")
{
    private const int MaxNames = 16;

    public override string Describe(string instance)
    {
        string owner = instance[..instance.LastIndexOf('/')];
        string where = owner.Length == 0 ? "" : $" in {Quoted.Of(owner)}";
        string[] all = [.. Names.Select(Quoted.Of), .. Patterns.Select(pattern => $"names that match {Quoted.Of(pattern)}")];
        return all.Length == 0 ? $"Nothing may be given{where}." : $"Only {Join(all)} may be given{where}.";
    }

    private static string Join(string[] words)
    {
        string[] shown = words.Length <= MaxNames
            ? words
            : [.. words.Take(MaxNames), string.Create(CultureInfo.InvariantCulture, $"{words.Length - MaxNames} more")];
        return shown.Length == 1 ? shown[0] : $"{string.Join(", ", shown[..^1])} and {shown[^1]}";
    }
}
