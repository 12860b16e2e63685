using System.Globalization;
using PolicyLayer.Calls;
using PolicyLayer.Json.Values;
using PolicyLayer.Text;

namespace PolicyLayer.Documents;

/// <summary>Reads the plain parts of a document, and reports what isn't what its place needs.</summary>
/// <param name="findings">Where findings go.</param>
internal class SyntaxReader(DiagnosticBag findings)
{
    public DiagnosticBag Findings => findings;

    /// <summary>Whether a value has the kind that its place needs; reports it if not.</summary>
    public bool Expect(SyntaxNode node, JsonKind kind, string? help = null)
    {
        if (node.Kind == kind)
        {
            return true;
        }

        WrongType(node, Describe(kind), help);
        return false;
    }

    public void WrongType(SyntaxNode node, string expected, string? help = null) =>
        findings.Report(DiagnosticDescriptors.WrongType, node, $"Expected {expected}, found {Describe(node.Kind)}.", help);

    /// <summary>Reports a member that its object doesn't have.</summary>
    /// <param name="name">The member's name.</param>
    /// <param name="known">The names that the object's members may have.</param>
    /// <param name="misplaced">Names, in any case, that have a help of their own; null for none.</param>
    public void UnknownMember(SyntaxNode name, string[] known, (string Name, string Help)[]? misplaced = null) =>
        findings.Report(
            DiagnosticDescriptors.UnknownMember,
            name,
            $"{name.Quote()} is not a member of this object.",
            () => HelpOf(name.GetString(), misplaced) ?? Suggest(name.GetString(), known) ?? $"use one of {List(known)}");

    public void MissingMember(SyntaxNode node, string member, string? help = null) =>
        findings.Report(DiagnosticDescriptors.MissingMember, node, $"`{member}` is missing.", help);

    /// <summary>A text of a length between bounds, in UTF-16 units; null, and reported, if it is none.</summary>
    public string? ReadText(SyntaxNode node, int min = 0, int max = int.MaxValue)
    {
        if (!Expect(node, JsonKind.String))
        {
            return null;
        }

        string text = node.GetString();
        if (text.Length < min || text.Length > max)
        {
            findings.Report(
                DiagnosticDescriptors.LengthOutOfRange,
                node,
                string.Create(
                    CultureInfo.InvariantCulture, $"{Quoted.Of(text)} has {text.Length} characters; {min} to {max} are allowed."));
            return null;
        }

        return text;
    }

    /// <summary>A boolean; false, and reported, if it is none.</summary>
    public bool ReadBoolean(SyntaxNode node)
    {
        if (!node.Kind.IsBoolean())
        {
            WrongType(node, Describe(JsonKind.True));
        }

        return node.Kind == JsonKind.True;
    }

    /// <summary>One of some words; null, and reported, if it is none.</summary>
    public string? ReadWord(SyntaxNode node, string[] words)
    {
        if (!Expect(node, JsonKind.String))
        {
            return null;
        }

        string? word = node.Match(words);
        if (word is null)
        {
            UnknownWord(node, words);
        }

        return word;
    }

    /// <summary>One of an enum's names; null, and reported, if it is none.</summary>
    public T? ReadWord<T>(SyntaxNode node, WireNameTable<T> names)
        where T : struct, Enum =>
        ReadWord(node, names.Texts) is { } word ? names.Parse(word) : null;

    public static string Describe(JsonKind kind) => kind switch
    {
        JsonKind.Null => "null",
        JsonKind.False or JsonKind.True => "a boolean",
        JsonKind.Number => "a number",
        JsonKind.String or JsonKind.Name => "a string",
        JsonKind.Array => "an array",
        _ => "an object",
    };

    /// <summary>The word that was meant: by another name of it, or the nearest.</summary>
    public static string? Suggest(string written, ReadOnlySpan<string> words) =>
        Synonyms.Suggest(written, words) ?? Spelling.Suggest(written, words);

    public static string List(ReadOnlySpan<string> words) =>
        words.Length == 1 ? $"`{words[0]}`" : $"`{string.Join("`, `", words[..^1])}` or `{words[^1]}`";

    private static string? HelpOf(string name, (string Name, string Help)[]? misplaced) =>
        misplaced?.FirstOrDefault(known => string.Equals(known.Name, name, StringComparison.OrdinalIgnoreCase)).Help;

    // Apart, as what a lambda captures is made where its method begins.
    private void UnknownWord(SyntaxNode node, string[] words) =>
        findings.Report(
            DiagnosticDescriptors.UnknownValue,
            node,
            $"{node.Quote()} is not allowed here.",
            () => Suggest(node.GetString(), words) ?? $"use {List(words)}");
}
