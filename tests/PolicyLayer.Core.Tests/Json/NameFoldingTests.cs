using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using PolicyLayer.Calls;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Tests.Json;

/// <summary>Which names are equal when case is set aside.</summary>
public sealed class NameFoldingTests
{
    /// <summary>
    /// What belongs together by simple case folding, as Node 20 (Unicode 17) found it: the code points that match each other as regular
    /// expressions with the flags <c>iu</c>.
    /// </summary>
    internal static readonly int[][] Classes =
    [
        .. File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Json", "data", "case-folding.txt"))
            .Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries)
            .Select(text => text.Split('=').Select(point => Convert.ToInt32(point, 16)).ToArray()),
    ];

    private static readonly Dictionary<int, int> FirstOfClass =
        Classes.SelectMany(points => points.Select(point => (point, points[0]))).ToDictionary(pair => pair.point, pair => pair.Item2);

    private static IEnumerable<int> CodePoints => Enumerable.Range(0, 0x110000).Where(Rune.IsValid);

    [Fact]
    public void Every_code_point_folds_with_those_of_its_class_and_no_others()
    {
        var folded = new Dictionary<int, int>();
        foreach (int point in CodePoints)
        {
            int expected = FirstOfClass.GetValueOrDefault(point, point);
            if (!folded.TryAdd(NameFolding.Fold(point), expected))
            {
                Assert.Equal(folded[NameFolding.Fold(point)], expected);
            }
        }

        Assert.Equal(folded.Count, folded.Values.Distinct().Count());
    }

    [Fact]
    public void Whatever_the_framework_pairs_is_paired()
    {
        var paired = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (int point in CodePoints)
        {
            string text = char.ConvertFromUtf32(point);
            int fold = NameFolding.Fold(point);
            Assert.Equal(paired.TryGetValue(text, out int known) ? known : fold, fold);
            paired[text] = fold;
        }
    }

    [Theory]
    [InlineData("\u017f", "s")]
    [InlineData("\u212a", "k")]
    [InlineData("\u212b", "\u00e5")]
    [InlineData("\u2126", "\u03c9")]
    [InlineData("\u03f4", "\u03b8")]
    [InlineData("\u1e9e", "\u00df")]
    public void Pairs_of_simple_folding_that_the_framework_leaves_apart(string left, string right) => Assert.Equal(-2, Find(left, right));

    [Fact]
    public void Every_pair_of_a_class_is_found_in_names_plain_and_escaped()
    {
        foreach (int[] points in Classes)
        {
            foreach (int left in points)
            {
                foreach (int right in points)
                {
                    string asked = $"-{char.ConvertFromUtf32(left)}{char.ConvertFromUtf32(right)}";
                    string sent = $"-{char.ConvertFromUtf32(right)}{char.ConvertFromUtf32(left)}";
                    int expected = left == right ? 2 : JsonValue.CaseVariant;
                    Assert.Equal(expected, Find(asked, sent));
                    Assert.Equal(expected, Find(asked, Escape(sent)));
                }

                Assert.Equal(JsonValue.NoMember, Find(char.ConvertFromUtf32(left), char.ConvertFromUtf32(left) + "\u0307"));
            }
        }
    }

    [Fact]
    public void Names_match_as_a_comparison_by_classes_says()
    {
        string[] letters =
        [
            "k", "K", "\u212a", "s", "\u017f", "\u00e5", "\u212b", "e", "E", "\u00e9", "\u0301", "\U00010428", "\U00010400",
            "[", "{", "@", "\0", "1",
        ];
        Gen<string> names = Gen.Elements(letters).ArrayOf().Select(parts => string.Concat(parts.Take(6)));
        Gen<(string Asked, string Other, int Seed)> pairs =
            from asked in names
            from other in names
            from seed in Gen.Choose(0, int.MaxValue - 1)
            select (asked, other, seed);
        Prop.ForAll(pairs.ToArbitrary(), pair =>
        {
            var random = new Random(pair.Seed);
            string sent = random.Next(3) == 0 ? pair.Other : Respelt(pair.Asked, random);
            int unequal = Naive(sent) == Naive(pair.Asked) ? JsonValue.CaseVariant : JsonValue.NoMember;
            int expected = sent == pair.Asked ? 2 : unequal;
            return Find(pair.Asked, random.Next(2) == 0 || sent.Contains('\0', StringComparison.Ordinal) ? Escape(sent) : sent) == expected;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(20_000));
    }

    [Theory]
    [InlineData("""{"a":1,"b":2}""", 2)]
    [InlineData("""{"b":2,"a":1}""", 4)]
    [InlineData("""{"a":1,"A":2}""", -2)]
    [InlineData("""{"A":1,"a":2}""", -2)]
    [InlineData("""{"A":1,"b":2}""", -2)]
    [InlineData("""{"b":{"A":1}}""", -1)]
    [InlineData("""[{"a":1}]""", -1)]
    [InlineData("""{}""", -1)]
    public void All_names_of_the_object_are_looked_at(string json, int expected) =>
        Assert.Equal(expected, new ScannedJson(json).Root.FindMember(new MemberName("a"u8.ToArray()), new WorkBudget()));

    private static int Find(string asked, string written) =>
        new ScannedJson($"{{\"{written}\":0}}").Root.FindMember(new MemberName(Encoding.UTF8.GetBytes(asked)), new WorkBudget());

    private static string Naive(string name) =>
        string.Join(' ', name.EnumerateRunes().Select(rune => FirstOfClass.GetValueOrDefault(rune.Value, rune.Value)));

    private static string Respelt(string name, Random random) => string.Concat(name.EnumerateRunes().Select(rune =>
    {
        int[] spellings = Classes.FirstOrDefault(points => points.Contains(rune.Value)) ?? [rune.Value];
        return char.ConvertFromUtf32(spellings[random.Next(spellings.Length)]);
    }));

    private static string Escape(string name) =>
        string.Concat(name.Select(unit => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}")));
}
