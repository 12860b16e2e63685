using System.Text;
using System.Text.Json;
using PolicyLayer.Grammars;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Tests.Grammars;

internal delegate string? FindProblem(ReadOnlySpan<byte> pattern);

internal delegate Judgement Judge(ReadOnlySpan<byte> text, TextPatterns patterns);

/// <summary>
/// A row of <c>data/*.json</c>: patterns, a text and <c>true</c>, <c>false</c> or <c>unjudgeable</c>; or a pattern and why it is refused.
/// </summary>
public sealed record GrammarRow(string[] Patterns, string? Text, string? Expected, string? Refused, string Why)
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    public static TheoryData<GrammarRow> Read(string file)
    {
        var data = new TheoryData<GrammarRow>();
        data.AddRange(ReadAll(file));
        return data;
    }

    internal static GrammarRow[] ReadAll(string file) =>
        JsonSerializer.Deserialize<GrammarRow[]>(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Grammars", "data", file)), Web)!;

    internal void Holds(FindProblem findProblem, Judge judge)
    {
        byte[][] patterns = [.. Patterns.Select(Encoding.UTF8.GetBytes)];
        if (Refused is not null)
        {
            Assert.Equal(Refused, findProblem(Assert.Single(patterns)));
            return;
        }

        Assert.All(patterns, pattern => Assert.Null(findProblem(pattern)));
        byte[] text = Encoding.UTF8.GetBytes(Text!);
        Judgement judged = judge(text, new TextPatterns(patterns));
        Assert.True(string.Equals(Expected, judged.ToString(), StringComparison.OrdinalIgnoreCase), $"{judged}: {this}");

        // The order in which patterns are listed decides nothing.
        Array.Reverse(patterns);
        Assert.Equal(judged, judge(text, new TextPatterns(patterns)));
    }

    public override string ToString() => JsonSerializer.Serialize(this, Web);
}
