using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using PolicyLayer.Grammars;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Tests.Grammars;

internal delegate string? FindProblem(ReadOnlySpan<byte> pattern);

internal delegate Judgement Judge(ReadOnlySpan<byte> text, TextPatterns patterns);

/// <summary>
/// A row of <c>data/*.json</c>: patterns, a text or an array of words, and <c>true</c>, <c>false</c> or <c>unjudgeable</c>; or a pattern
/// and why it is refused.
/// </summary>
public sealed record GrammarRow
{
    private static readonly JsonSerializerOptions Web =
        new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    /// <summary>The only pattern, in place of <see cref="Patterns"/>.</summary>
    public string? Pattern { get; init; }

    public string[]? Patterns { get; init; }

    public string? Text { get; init; }

    public string[]? Words { get; init; }

    public string? Expected { get; init; }

    /// <summary>What is expected in <c>deny_if</c>, where that is another.</summary>
    public string? ExpectedInDeny { get; init; }

    public string? Refused { get; init; }

    public string? Why { get; init; }

    internal byte[][] Utf8Patterns => Utf8(Patterns ?? [Pattern!]);

    internal TextList List => ListOf(Utf8Patterns);

    internal byte[] Utf8Text => Encoding.UTF8.GetBytes(Text!);

    public static TheoryData<GrammarRow> Read(string file)
    {
        var data = new TheoryData<GrammarRow>();
        data.AddRange(ReadAll(file));
        return data;
    }

    internal static GrammarRow[] ReadAll(string file) =>
        JsonSerializer.Deserialize<GrammarRow[]>(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Grammars", "data", file)), Web)!;

    internal static TextList ListOf(params ReadOnlySpan<byte[]> utf8)
    {
        var list = new TextList();
        foreach (byte[] text in utf8)
        {
            list.Add(new JsonString(text, hasEscapes: false));
        }

        return list;
    }

    internal static TextList ListOf(IEnumerable<string> texts) => ListOf(Utf8(texts));

    internal static byte[][] Utf8(IEnumerable<string> texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];

    /// <summary>The same in <c>require</c> and in <c>deny_if</c>, in whichever order the patterns are listed.</summary>
    internal void Holds(FindProblem findProblem, Judge judge) => Holds(findProblem, judge, judge);

    internal void Holds(FindProblem findProblem, Judge judge, Judge judgeInDeny)
    {
        byte[][] patterns = Utf8Patterns;
        if (Refused is not null)
        {
            Assert.Equal(Refused, findProblem(Assert.Single(patterns)));
            return;
        }

        Assert.All(patterns, pattern => Assert.Null(findProblem(pattern)));
        byte[] text = Text is null ? [] : Utf8Text;
        for (int i = 0; i < 2; i++)
        {
            AssertIs(Expected, judge(text, ListOf(patterns).Patterns));
            AssertIs(ExpectedInDeny ?? Expected, judgeInDeny(text, ListOf(patterns).Patterns));
            Array.Reverse(patterns);
        }
    }

    public override string ToString() => JsonSerializer.Serialize(this, Web);

    private void AssertIs(string? expected, Judgement judged) =>
        Assert.True(string.Equals(expected, judged.ToString(), StringComparison.OrdinalIgnoreCase), $"{judged}: {this}");
}
