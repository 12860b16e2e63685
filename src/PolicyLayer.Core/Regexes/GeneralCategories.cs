using System.Collections.Frozen;
using System.Globalization;

namespace PolicyLayer.Regexes;

/// <summary>The sets behind <c>\p{…}</c>: Unicode's general categories by short and long name.</summary>
internal static class GeneralCategories
{
    // In the order of UnicodeCategory.
    private static readonly (string Short, string Long)[] Names =
    [
        ("Lu", "Uppercase_Letter"), ("Ll", "Lowercase_Letter"), ("Lt", "Titlecase_Letter"), ("Lm", "Modifier_Letter"),
        ("Lo", "Other_Letter"), ("Mn", "Nonspacing_Mark"), ("Mc", "Spacing_Mark"), ("Me", "Enclosing_Mark"),
        ("Nd", "Decimal_Number"), ("Nl", "Letter_Number"), ("No", "Other_Number"), ("Zs", "Space_Separator"),
        ("Zl", "Line_Separator"), ("Zp", "Paragraph_Separator"), ("Cc", "Control"), ("Cf", "Format"), ("Cs", "Surrogate"),
        ("Co", "Private_Use"), ("Pc", "Connector_Punctuation"), ("Pd", "Dash_Punctuation"), ("Ps", "Open_Punctuation"),
        ("Pe", "Close_Punctuation"), ("Pi", "Initial_Punctuation"), ("Pf", "Final_Punctuation"), ("Po", "Other_Punctuation"),
        ("Sm", "Math_Symbol"), ("Sc", "Currency_Symbol"), ("Sk", "Modifier_Symbol"), ("So", "Other_Symbol"), ("Cn", "Unassigned"),
    ];

    private static readonly (string Short, string Long)[] Groups =
    [
        ("L", "Letter"), ("M", "Mark"), ("N", "Number"), ("P", "Punctuation"), ("S", "Symbol"), ("Z", "Separator"), ("C", "Other"),
    ];

    private static readonly Lazy<FrozenDictionary<string, GeneralCategory>> Categories = new(Build);

    /// <summary>A category by its short or long name; null where there is none.</summary>
    public static GeneralCategory? Find(ReadOnlySpan<char> name) =>
        Categories.Value.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out GeneralCategory? category) ? category : null;

    private static FrozenDictionary<string, GeneralCategory> Build()
    {
        List<(int First, int Last)>[] ranges = RangesByCategory();
        var sets = new Dictionary<string, GeneralCategory>(StringComparer.Ordinal);
        void Add((string Short, string Long) name, IEnumerable<(int, int)> members)
        {
            var category = new GeneralCategory(members);
            sets.Add(name.Short, category);
            sets.Add(name.Long, category);
        }

        for (int i = 0; i < Names.Length; i++)
        {
            Add(Names[i], ranges[i]);
        }

        foreach ((string Short, string Long) group in Groups)
        {
            Add(group, ranges.Where((_, i) => Names[i].Short[0] == group.Short[0]).SelectMany(members => members));
        }

        Add(("LC", "Cased_Letter"), ranges.Where((_, i) => Names[i].Short is "Lu" or "Ll" or "Lt").SelectMany(members => members));
        return sets.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static List<(int First, int Last)>[] RangesByCategory()
    {
        List<(int First, int Last)>[] ranges = Array.ConvertAll(Names, _ => new List<(int First, int Last)>());
        int first = 0;
        UnicodeCategory category = CharUnicodeInfo.GetUnicodeCategory(first);
        for (int codePoint = 1; codePoint <= CodePointSet.Last; codePoint++)
        {
            UnicodeCategory next = CharUnicodeInfo.GetUnicodeCategory(codePoint);
            if (next != category)
            {
                ranges[(int)category].Add((first, codePoint - 1));
                (first, category) = (codePoint, next);
            }
        }

        ranges[(int)category].Add((first, CodePointSet.Last));

        return ranges;
    }
}
