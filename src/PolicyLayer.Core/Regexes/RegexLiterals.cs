using System.Text;

namespace PolicyLayer.Regexes;

/// <summary>The plain text in a pattern: what every match begins with, and what the whole text must end with.</summary>
internal sealed class RegexLiterals
{
    /// <summary>What every match begins with.</summary>
    public required byte[] Prefix { get; init; }

    /// <summary>What every text ends with in which the pattern is found.</summary>
    public required byte[] Suffix { get; init; }

    /// <summary>What stands in every match, the longest such text; of characters, the rarest.</summary>
    public required byte[] Required { get; init; }

    /// <summary>Whether the prefix is the whole pattern, but for anchors.</summary>
    public required bool IsWhole { get; init; }

    public required bool IsAtStart { get; init; }

    public required bool IsAtEnd { get; init; }

    public static RegexLiterals Of(RegexNode syntax)
    {
        ReadOnlySpan<RegexNode> parts = syntax is RegexNode.Sequence sequence ? sequence.Parts : new[] { syntax };
        bool isAtStart = parts is [RegexNode.Assertion { Kind: RegexAssertion.TextStart }, ..];
        parts = isAtStart ? parts[1..] : parts;
        bool isAtEnd = parts is [.., RegexNode.Assertion { Kind: RegexAssertion.TextEnd }];
        parts = isAtEnd ? parts[..^1] : parts;
        int begin = 0;
        while (begin < parts.Length && parts[begin] is RegexNode.Assertion)
        {
            begin++;
        }

        int prefix = begin;
        while (prefix < parts.Length && IsLiteral(parts[prefix]))
        {
            prefix++;
        }

        int suffix = parts.Length;
        while (isAtEnd && suffix > 0 && IsLiteral(parts[suffix - 1]))
        {
            suffix--;
        }

        return new RegexLiterals
        {
            Prefix = Encode(parts[begin..prefix]),
            Required = FindRequired(parts),
            Suffix = isAtEnd ? Encode(parts[suffix..]) : [],
            IsWhole = begin == 0 && prefix == parts.Length,
            IsAtStart = isAtStart,
            IsAtEnd = isAtEnd,
        };
    }

    private static byte[] FindRequired(ReadOnlySpan<RegexNode> parts)
    {
        byte[] longest = [];
        for (int i = 0; i < parts.Length; i++)
        {
            int first = i;
            while (i < parts.Length && IsLiteral(parts[i]))
            {
                i++;
            }

            byte[] literal = Encode(parts[first..i]);
            bool isRarer = literal.Length == 1 && RegexByteFrequencies.Sum(literal) < RegexByteFrequencies.Sum(longest);
            longest = literal.Length > longest.Length || (isRarer && longest.Length == 1) ? literal : longest;
        }

        return longest;
    }

    private static bool IsLiteral(RegexNode node) =>
        node is RegexNode.Character character && character.Set.IsOne(out int codePoint) && Rune.IsValid(codePoint);

    private static byte[] Encode(ReadOnlySpan<RegexNode> literals)
    {
        if (literals.IsEmpty)
        {
            return [];
        }

        var text = new StringBuilder();
        foreach (RegexNode literal in literals)
        {
            ((RegexNode.Character)literal).Set.IsOne(out int codePoint);
            text.Append(new Rune(codePoint));
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
