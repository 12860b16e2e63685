using System.Text;
using PolicyLayer.Documents;
using PolicyLayer.Json.Values;
using PolicyLayer.Text;

namespace PolicyLayer.Compilation.Schemas;

/// <summary>
/// What the alternatives of <c>anyOf</c> and <c>oneOf</c> take, in a few words each, for one whom none of them fits: what their author
/// called them, or their values, or their kinds.
/// </summary>
internal static class AlternativeWords
{
    private const int MaxAlternatives = 8;
    private const int MaxValues = 4;

    private static readonly string[] Told = ["title", "const", "enum", "$ref", "type", "format", "pattern", "required", "properties"];

    /// <summary>Those that may say what the value of a call is that meets them.</summary>
    private static readonly string[] OfValues = ["const", "enum", "pattern", "properties"];

    /// <summary>The words to go on with behind <c>alternatives</c>; empty where there is nothing to say.</summary>
    /// <param name="list">The alternatives.</param>
    /// <param name="tellsValues">Whether values may be told, as the call's is none of them.</param>
    public static string Of(SyntaxNode list, bool tellsValues)
    {
        var words = new List<string>();
        bool isWhole = true;
        foreach (SyntaxNode alternative in list.Elements)
        {
            string? said = words.Count < MaxAlternatives ? Describe(alternative, tellsValues) : null;
            isWhole &= said is not null;
            if (said is not null && !words.Contains(said))
            {
                words.Add(said);
            }
        }

        return words.Count == 0 ? "" : $": {string.Join("; ", words)}{(isWhole ? "" : "; …")}";
    }

    private static string? Describe(SyntaxNode alternative, bool tellsValues)
    {
        if (alternative.Kind == JsonKind.True)
        {
            return "anything";
        }

        var told = new Dictionary<string, SyntaxNode>();
        foreach (SyntaxMember member in alternative.Members)
        {
            if (member.Name.Match(Told) is { } keyword && (tellsValues || !OfValues.Contains(keyword)))
            {
                told.TryAdd(keyword, member.Value);
            }
        }

        return NameOf(told) ?? ValuesOf(told) ?? KindOf(told);
    }

    /// <summary>What the author calls it: its title, or what it is kept under.</summary>
    private static string? NameOf(Dictionary<string, SyntaxNode> told)
    {
        if (TextOf(told, "title") is { Length: > 0 } title)
        {
            return Quoted.Of(title);
        }

        string? reference = TextOf(told, "$ref");
        return reference?[(reference.LastIndexOfAny(['/', '#']) + 1)..] is { Length: > 0 } name ? Quoted.Of(name) : null;
    }

    private static string? ValuesOf(Dictionary<string, SyntaxNode> told)
    {
        if (told.TryGetValue("const", out SyntaxNode value))
        {
            return Quote(value);
        }

        var values = new List<string>();
        if (told.TryGetValue("enum", out SyntaxNode list))
        {
            foreach (SyntaxNode element in list.Elements)
            {
                values.Add(values.Count < MaxValues ? Quote(element) : "…");
                if (values.Count > MaxValues)
                {
                    break;
                }
            }
        }

        return values.Count == 0 ? null : string.Join(" or ", values);
    }

    private static string? KindOf(Dictionary<string, SyntaxNode> told)
    {
        string? kind = told.TryGetValue("type", out SyntaxNode type) ? ValueKeywordCompiler.DescribeTypes(type) : null;
        if (TextOf(told, "format") is { } format)
        {
            return $"{kind ?? "a value"} of the format {Quoted.Of(format)}";
        }

        if (TextOf(told, "pattern") is { } pattern)
        {
            return $"{kind ?? "a value"} that matches {Quoted.Of(pattern)}";
        }

        return MembersOf(told) is { } members ? $"{kind ?? "an object"} with {members}" : kind;
    }

    /// <summary>The member that tells one object from another by its value; else those that are required.</summary>
    private static string? MembersOf(Dictionary<string, SyntaxNode> told)
    {
        if (told.TryGetValue("properties", out SyntaxNode properties) && TellingMember(properties) is { } telling)
        {
            return telling;
        }

        var names = new List<string>();
        if (told.TryGetValue("required", out SyntaxNode required))
        {
            foreach (SyntaxNode name in required.Elements)
            {
                names.Add(names.Count < MaxValues ? name.Quote() : "…");
                if (names.Count > MaxValues)
                {
                    break;
                }
            }
        }

        return names.Count == 0 ? null : string.Join(" and ", names);
    }

    private static string? TellingMember(SyntaxNode properties)
    {
        foreach (SyntaxMember property in properties.Members)
        {
            foreach (SyntaxMember keyword in property.Value.Members)
            {
                if (keyword.Name.Match(["const"]) is not null)
                {
                    return $"{property.Name.Quote()} {Quote(keyword.Value)}";
                }
            }
        }

        return null;
    }

    private static string? TextOf(Dictionary<string, SyntaxNode> told, string keyword) =>
        told.TryGetValue(keyword, out SyntaxNode value) && value.Kind == JsonKind.String ? value.GetString() : null;

    private static string Quote(SyntaxNode value) => Quoted.Of(Encoding.UTF8.GetString(value.RawValue));
}
