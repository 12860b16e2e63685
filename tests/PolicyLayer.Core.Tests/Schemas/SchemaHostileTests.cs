using System.Globalization;
using System.Text;

namespace PolicyLayer.Tests.Schemas;

/// <summary>Values made to be slow: the work is bounded by steps, so these end at once or are refused, never judged wrongly.</summary>
public sealed class SchemaHostileTests
{
    /// <summary>Each level is judged twice by the level below: 2^n without a bound.</summary>
    private const string Exponential =
        """{"anyOf":[{"properties":{"a":{"$ref":"#"}},"required":["b"]},{"properties":{"a":{"$ref":"#"}},"required":["c"]}]}""";

    [Fact]
    public void Nests_of_alternatives_end_at_the_bound_and_fail()
    {
        CompiledSchema schema = CompiledSchema.Of(Exponential);
        Assert.True(schema.Accepts("""{"c":1,"a":{"b":1,"a":{"c":1}}}"""));
        Assert.False(schema.Accepts(Nest("{\"a\":", "1", "}", 60)));
        Assert.True(schema.TookTooMuchWork);
    }

    [Fact]
    public void Too_much_work_is_no_way_around_not()
    {
        string schema = """{"not":{"$ref":"#/$defs/x"},"$defs":{"x":"""
            + Exponential.Replace("\"#\"", "\"#/$defs/x\"", StringComparison.Ordinal) + "}}";
        CompiledSchema compiled = CompiledSchema.Of(schema);
        Assert.True(compiled.Accepts("""{"a":{}}"""));
        Assert.False(compiled.Accepts(Nest("{\"a\":", "{}", "}", 60)));
        Assert.True(compiled.TookTooMuchWork);
    }

    [Fact]
    public void Too_much_work_is_no_way_around_a_negative_look_ahead()
    {
        string parts = string.Join(',', Enumerable.Range(0, 60).Select(i => $$"""{"pattern":"^(?!a*b{{i}})"}"""));
        CompiledSchema schema = CompiledSchema.Of($$"""{"allOf":[{{parts}}]}""");
        Assert.True(schema.Accepts($"\"{new string('a', 1_000)}\""));
        Assert.False(schema.TookTooMuchWork);
        Assert.False(schema.Accepts($"\"{new string('a', 1_000_000)}\""));
        Assert.True(schema.TookTooMuchWork);
    }

    [Fact]
    public void Deep_values_end_at_the_bound_whatever_the_stack()
    {
        CompiledSchema schema = CompiledSchema.Of("""{"items":{"allOf":[{"$ref":"#"}]}}""");
        Assert.True(schema.Accepts(Nest("[", "", "]", 64)));
        Assert.False(schema.Accepts(Nest("[", "", "]", 900)));

        bool accepted = true;
        var small = new Thread(() => accepted = schema.Accepts(Nest("[", "", "]", 900)), maxStackSize: 192 * 1024);
        small.Start();
        small.Join();
        Assert.False(accepted);
    }

    [Fact]
    public void Large_values_are_within_the_bound()
    {
        string numbers = string.Join(',', Enumerable.Range(0, 100_000));
        Assert.True(
            CompiledSchema.Of("""{"uniqueItems":true,"items":{"anyOf":[{"type":"string"},{"type":"integer"}]}}""").Accepts($"[{numbers}]"));
        Assert.False(CompiledSchema.Of("""{"uniqueItems":true}""").Accepts($"[{numbers},99999.0]"));

        string text = new('x', 1_000_000);
        Assert.True(CompiledSchema.Of("""
            {"properties":{"a":{"properties":{
            "b":{"type":"string","pattern":"x$","minLength":5,"maxLength":1000000,"not":{"const":"y"}}}}}}
            """).Accepts($$$"""{"a":{"b":"{{{text}}}"}}"""));

        string members = string.Join(',', Enumerable.Range(0, 50_000).Select(i => $"\"n{i}\":{i}"));
        Assert.True(CompiledSchema.Of("""
            {"required":["n0","n49999"],"patternProperties":{"^n":{"type":"integer"}},"unevaluatedProperties":false,
            "propertyNames":{"maxLength":9}}
            """).Accepts($"{{{members}}}"));
    }

    [Theory]
    [InlineData("objects")]
    [InlineData("strings")]
    public void Ten_thousand_elements_are_compared_in_linear_work(string kind)
    {
        IEnumerable<string> elements = Enumerable.Range(0, 10_000).Select(i => kind == "objects"
            ? string.Create(CultureInfo.InvariantCulture, $$$"""{"a":{{{i}}},"b":[{{{i}}},{{{i % 7}}}]}""")
            : $"\"{i:x8}{new string('z', 64)}\"");
        CompiledSchema schema = CompiledSchema.Of("""{"uniqueItems":true}""");
        string all = string.Join(',', elements);
        Assert.True(schema.Accepts($"[{all}]"));
        Assert.False(schema.Accepts($"[{all},{elements.Last().Replace(" ", "", StringComparison.Ordinal)}]"));
    }

    [Fact]
    public void Repeated_reading_of_a_large_value_is_counted()
    {
        // Every level reads all that is below it.
        CompiledSchema schema = CompiledSchema.Of("""{"uniqueItems":true,"items":{"$ref":"#"}}""");
        string wide = string.Join(',', Enumerable.Range(0, 60_000));
        Assert.True(schema.Accepts(Nest("[", wide, "]", 5)));
        Assert.False(schema.Accepts(Nest("[0,", wide, "]", 60)));
    }

    [Fact]
    public void Marks_of_a_large_value_are_counted()
    {
        string zeros = $"[{string.Join(',', Enumerable.Repeat(0, 200_000))}]";
        string levels = string.Join(',', Enumerable.Range(0, 30).Select(i =>
        {
            string next = string.Create(CultureInfo.InvariantCulture, $"{{\"$ref\":\"#/$defs/{i + 1}\"}}");
            return string.Create(CultureInfo.InvariantCulture, $"\"{i}\":{{\"anyOf\":[{next},{next}]}}");
        }));
        CompiledSchema schema = CompiledSchema.Of(
            """{"$ref":"#/$defs/0","unevaluatedItems":true,"$defs":{""" + levels + ""","30":true}}""");
        Assert.False(schema.Accepts(zeros));
        Assert.True(schema.TookTooMuchWork);

        Assert.True(CompiledSchema.Of(
            """{"oneOf":[{"maxItems":1},{"items":{"type":"null"}},{"items":{"type":"integer"}}],"unevaluatedItems":false}""")
            .Accepts(zeros));
    }

    [Theory]
    [InlineData("minimum")]
    [InlineData("multipleOf")]
    [InlineData("const")]
    public void Reading_a_long_number_of_the_schema_is_counted(string keyword)
    {
        string number = $"1{new string('0', 50_000)}3";
        CompiledSchema schema = CompiledSchema.Of($"{{\"items\":{{\"not\":{{\"{keyword}\":{number}}}}}}}");
        Assert.True(schema.Accepts("[0.5]") || keyword == "multipleOf");
        Assert.False(schema.Accepts($"[{string.Join(',', Enumerable.Repeat(7, 50_000))}]"));
        Assert.True(schema.TookTooMuchWork);
    }

    [Fact]
    public void Names_with_a_common_beginning_are_found_at_once()
    {
        string[] names = [.. Enumerable.Range(0, 50_000).Select(i => string.Create(CultureInfo.InvariantCulture, $"aaa{i:d5}"))];
        CompiledSchema schema = CompiledSchema.Of(
            """{"properties":{""" + string.Join(',', names.Select(name => $"\"{name}\":true")) + """},"additionalProperties":false}""");
        Assert.True(schema.Accepts($"{{{string.Join(',', names.Reverse().Select(name => $"\"{name}\":0"))}}}"));
    }

    [Fact]
    public void The_search_for_a_missing_name_is_counted()
    {
        string[] names = [.. Enumerable.Range(0, 50_000).Select(i => string.Create(CultureInfo.InvariantCulture, $"\"{i:d6}\""))];
        CompiledSchema schema = CompiledSchema.Of($$$"""{"required":[{{{string.Join(',', names)}}}]}""");
        Assert.True(schema.Accepts($"{{{string.Join(',', names.Select(name => name + ":0"))}}}"));
        Assert.False(schema.Accepts($"{{{string.Join(',', names[..^1].Select(name => name + ":0"))}}}"));
    }

    [Fact]
    public void Names_are_read_without_their_values()
    {
        CompiledSchema schema = CompiledSchema.Of("""{"propertyNames":{"enum":["a","b"]},"additionalProperties":{"$ref":"#"}}""");
        string wide = $"[{string.Join(',', Enumerable.Repeat(0, 60_000))}]";
        Assert.True(schema.Accepts(Nest("{\"a\":", wide, "}", 60)));
    }

    [Fact]
    public void Patterns_that_name_whole_alphabets_are_only_parsed()
    {
        CompiledSchema schema = CompiledSchema.Of("""{"items":{"format":"regex"}}""");
        string ranges = string.Concat(Enumerable.Repeat(@"\\x{0}-\\x{10FFFF}\\p{L}", 180));
        string patterns = string.Join(',', Enumerable.Repeat($"\"(?i)[{ranges}]\"", 200));
        Assert.True(schema.Accepts($"[{patterns}]"));
        Assert.False(schema.Accepts($"[{patterns},\"(?i)[{ranges}\"]"));
    }

    [Fact]
    public void References_into_a_long_list_are_followed_at_once()
    {
        string references = string.Join(
            ',', Enumerable.Range(0, 50_000).Select(i => $$$"""{"$ref":"#/$defs/list/anyOf/{{{50_000 - i}}}"}"""));
        string schemas = string.Join(',', Enumerable.Repeat("true", 50_001));
        Assert.True(CompiledSchema.Of($$"""{"$defs":{"list":{"anyOf":[{{schemas}}]} },"allOf":[{{references}}]}""").Accepts("1"));
    }

    [Fact]
    public void Required_names_are_matched_against_patterns_compiled_once()
    {
        string names = string.Join(',', Enumerable.Range(0, 2_000).Select(i => $"\"n{i}\""));
        string patterns = string.Join(',', Enumerable.Range(0, 50).Select(i => $"\"^x{i}[a-z]+\":true"));
        CompiledSchema schema = CompiledSchema.Of(
            $$"""{"required":[{{names}}],"patternProperties":{"^n":true,{{patterns}}},"additionalProperties":false}""");
        Assert.Empty(schema.Findings);
        Assert.False(schema.Accepts("{}"));
    }

    [Fact]
    public void Failed_alternatives_leave_no_trace_in_the_failure()
    {
        CompiledSchema schema = CompiledSchema.Of(
            """{"properties":{"x":{"anyOf":[{"properties":{"y":{"type":"null"}}},{"type":"object"}]},"z":{"type":"null"}}}""");
        Assert.False(schema.Accepts("""{"x":{"y":1},"z":1}"""));
        Assert.Equal((CompiledSchema.Pointer + "/properties/z/type", "/z"), (schema.Failure!.Place.Pointer, schema.Failure.Instance));
        Assert.True(schema.Accepts("{}"));
        Assert.Null(schema.Failure);
    }

    private static string Nest(string open, string inner, string close, int depth) =>
        new StringBuilder().Insert(0, open, depth).Append(inner).Insert(open.Length * depth + inner.Length, close, depth).ToString();
}
