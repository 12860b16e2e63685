using System.Globalization;
using System.Numerics;
using FsCheck;
using FsCheck.Fluent;

namespace PolicyLayer.Tests.Schemas;

/// <summary>Keywords against models that are written another way.</summary>
public sealed class SchemaPropertyTests
{
    private static readonly string[] Spellings =
    [
        "0", "-0", "0.0", "1", "1.0", "10e-1", "true", "\"1\"", "\"\\u0031\"", "null", "[]", "[1]", "[1.0]", "{}", "{\"a\":1}",
        "{\"\\u0061\":1.0}",
    ];

    /// <summary>Equal values have the same canonical form.</summary>
    private static readonly string[] Canonical =
        ["0", "0", "0", "1", "1", "1", "true", "\"1\"", "\"1\"", "null", "[]", "[1]", "[1]", "{}", "{a}", "{a}"];

    [Fact]
    public void Unique_items_are_those_with_distinct_canonical_forms()
    {
        CompiledSchema schema = CompiledSchema.Of("""{"uniqueItems":true}""");
        Gen<int[]> picks = Gen.Choose(0, Spellings.Length - 1).ArrayOf();
        Prop.ForAll(picks.ToArbitrary(), indexes =>
        {
            bool isUnique = indexes.Select(i => Canonical[i]).Distinct().Count() == indexes.Length;
            return schema.Accepts($"[{string.Join(',', indexes.Select(i => Spellings[i]))}]") == isUnique;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));
    }

    [Fact]
    public void Multiples_are_those_of_scaled_integers()
    {
        Gen<(int, int, int, int)> numbers =
            from value in Gen.Choose(-2_000, 2_000)
            from valuePlaces in Gen.Choose(0, 4)
            from divisor in Gen.Choose(1, 60)
            from divisorPlaces in Gen.Choose(0, 4)
            select (value, valuePlaces, divisor, divisorPlaces);
        Prop.ForAll(numbers.ToArbitrary(), n =>
        {
            (int value, int valuePlaces, int divisor, int divisorPlaces) = n;
            BigInteger left = value * BigInteger.Pow(10, divisorPlaces);
            BigInteger right = divisor * BigInteger.Pow(10, valuePlaces);
            bool isMultiple = (left % right).IsZero;
            CompiledSchema schema = CompiledSchema.Of($$"""{"multipleOf":{{Write(divisor, divisorPlaces)}}}""");
            return schema.Accepts(Write(value, valuePlaces)) == isMultiple;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    [Fact]
    public void Names_are_found_in_any_order_and_spelling()
    {
        string[] names = [.. Enumerable.Range(0, 30).Select(i => new string((char)('a' + (i % 3)), 1 + (i / 3)))];
        string properties = string.Join(',', names.Select((name, i) => $"\"{name}\":{{\"const\":{i}}}"));
        CompiledSchema schema = CompiledSchema.Of(
            $$$"""{"properties":{{{{properties}}}},"required":["{{{string.Join("\",\"", names)}}}"],"additionalProperties":false}""");
        Gen<int[]> orders = Gen.Shuffle(Enumerable.Range(0, names.Length).ToArray());
        Prop.ForAll(orders.ToArbitrary(), order =>
        {
            string Member(int i) => $"\"{(i % 4 == 0 ? Escape(names[i]) : names[i])}\":{i}";
            string all = string.Join(',', order.Select(Member));
            string wrong = string.Join(',', order.Select(i => Member(i).Replace($":{order[0]}", ":-1", StringComparison.Ordinal)));
            return schema.Accepts($"{{{all}}}")
                && !schema.Accepts($"{{{string.Join(',', order.Skip(1).Select(Member))}}}")
                && !schema.Accepts($"{{{all},\"{names[^1]}d\":0}}")
                && !schema.Accepts($"{{{wrong}}}");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(100));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(30)]
    public void Names_in_another_case_are_found_among_few_and_many(int others)
    {
        string rest = string.Concat(Enumerable.Range(0, others).Select(i => $",\"-{i}\":true"));
        string[][] classes =
        [
            .. File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Json", "data", "case-folding.txt"))
                .Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries)
                .Select(text => text.Split('=').Select(point => char.ConvertFromUtf32(Convert.ToInt32(point, 16))).ToArray()),
        ];
        foreach (string[] letters in classes)
        {
            CompiledSchema schema = CompiledSchema.Of($"{{\"properties\":{{\"padding{letters[0]}\":true{rest}}}}}");
            Assert.All(letters, letter => Assert.Equal(letter == letters[0], schema.Accepts($"{{\"padding{letter}\":0}}")));
            Assert.False(schema.Accepts($"{{\"{Escape("PADDING" + letters[1])}\":0}}"));
            Assert.True(schema.Accepts($"{{\"padding{letters[1]}.\":0}}"));
        }
    }

    private static string Write(int digits, int places) => string.Create(CultureInfo.InvariantCulture, $"{digits}e-{places}");

    private static string Escape(string name) =>
        string.Concat(name.Select(c => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}")));
}
