using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;
using PolicyLayer.Counters;
using PolicyLayer.DecisionTree;
using PolicyLayer.Documents;
using PolicyLayer.Json;

namespace PolicyLayer.Compilation;

/// <summary>What every stage of one compilation shares: where findings go, the options, and the policy's identity.</summary>
internal sealed class CompilationContext(DiagnosticBag findings, PolicyLoadOptions options, VerdictTable verdicts)
{
    private readonly Dictionary<(string, CounterScope, int, CounterAlgorithm), CounterDefinition> _counters = [];

    public DiagnosticBag Findings => findings;

    public PolicyLoadOptions Options => options;

    public VerdictTable Verdicts => verdicts;

    public PolicyIdentity Policy => verdicts.Policy;

    /// <summary>A counter of the policy. The same one is one object, however many limits use it.</summary>
    public CounterDefinition Counter(string name, CounterScope scope, int windowSeconds, CounterAlgorithm algorithm)
    {
        ref CounterDefinition? counter =
            ref CollectionsMarshal.GetValueRefOrAddDefault(_counters, (name, scope, windowSeconds, algorithm), out _);
        return counter ??= new CounterDefinition(Policy.Name, name, scope, CounterWindowLength.FromSeconds(windowSeconds), algorithm);
    }

    /// <summary>Whether a value has the kind that its member needs; reports it if not.</summary>
    public bool Expect(SyntaxNode node, JsonKind kind)
    {
        if (node.Kind == kind)
        {
            return true;
        }

        WrongType(node, Describe(kind));
        return false;
    }

    public void WrongType(SyntaxNode node, string expected) =>
        findings.Report(DiagnosticDescriptors.WrongType, node, $"Expected {expected}, found {Describe(node.Kind)}.");

    public void UnknownMember(SyntaxNode name, ReadOnlySpan<string> known)
    {
        string? help = Spelling.Suggest(name.GetString(), known);
        findings.Report(
            DiagnosticDescriptors.UnknownMember, name, $"{Quoted.Of(name)} is not a member of this object.", help ?? $"use one of {List(known)}");
    }

    public void MissingMember(SyntaxNode node, string member, string? help = null) =>
        findings.Report(DiagnosticDescriptors.MissingMember, node, $"`{member}` is missing.", help);

    /// <summary>Whether a required member is there; reports it at its object if not.</summary>
    public bool Require(SyntaxNode node, string name, [NotNullWhen(true)] SyntaxNode? member)
    {
        if (member is null)
        {
            MissingMember(node, name);
        }

        return member is not null;
    }

    /// <summary>Warns of a part that comes after a rule which holds of every call.</summary>
    public void NeverReached(SyntaxNode name) =>
        findings.Report(
            DiagnosticDescriptors.NeverMatters,
            name,
            $"{Quoted.Of(name)} never matters: a rule without conditions denies every call.",
            "give the rule in `deny_if` the conditions that were meant");

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
                string.Create(CultureInfo.InvariantCulture, $"{Quoted.Of(text)} has {text.Length} characters; {min} to {max} are allowed."));
            return null;
        }

        return text;
    }

    /// <summary>One of some words; null, and reported, if it is none.</summary>
    public string? ReadWord(SyntaxNode node, ReadOnlySpan<string> words)
    {
        if (!Expect(node, JsonKind.String))
        {
            return null;
        }

        string? word = node.Match(words);
        if (word is null)
        {
            findings.Report(
                DiagnosticDescriptors.UnknownValue,
                node,
                $"{Quoted.Of(node)} is not allowed here.",
                Spelling.Suggest(node.GetString(), words) ?? $"use {List(words)}");
        }

        return word;
    }

    public static string Describe(JsonKind kind) => kind switch
    {
        JsonKind.Null => "null",
        JsonKind.False or JsonKind.True => "a boolean",
        JsonKind.Number => "a number",
        JsonKind.String or JsonKind.Name => "a string",
        JsonKind.Array => "an array",
        _ => "an object",
    };

    private static string List(ReadOnlySpan<string> words) =>
        words.Length == 1 ? $"`{words[0]}`" : $"`{string.Join("`, `", words[..^1])}` or `{words[^1]}`";
}
