using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;
using PolicyLayer.Calls;
using PolicyLayer.Counters;
using PolicyLayer.DecisionTree.Limits;
using PolicyLayer.DecisionTree.Paths;
using PolicyLayer.DecisionTree.Verdicts;
using PolicyLayer.Documents;
using PolicyLayer.Json.Values;
using PolicyLayer.Regexes;
using PolicyLayer.Text;

namespace PolicyLayer.Compilation.Context;

/// <summary>What every stage of one compilation shares: where findings go, the options, and the policy's identity.</summary>
/// <param name="findings">Where findings go.</param>
/// <param name="options">How the document is read.</param>
/// <param name="verdicts">The policy's verdicts.</param>
/// <param name="documentLength">The document's bytes.</param>
internal sealed class CompilationContext(DiagnosticBag findings, PolicyLoadOptions options, VerdictTable verdicts, int documentLength = 0)
{
    /// <summary>For each byte of the document, what looking for contradictions may cost; and for any document.</summary>
    private const int ChecksPerByte = 64;
    private const long BaseChecks = 1_000_000;

    /// <summary>The same for how large its regexes may be together.</summary>
    private const int RegexRoomPerByte = 8;
    private const long BaseRegexRoom = 10_000_000;

    private readonly Dictionary<(string, CounterScope, int, CounterAlgorithm), CounterDefinition> _counters = [];
    private readonly Dictionary<string, PolicyPath> _paths = new(StringComparer.Ordinal);
    private readonly Dictionary<PolicyPath, PathTable> _tables = [];
    private readonly Dictionary<LimitNode, LimitPlan> _plans = [];
    private readonly Dictionary<(LimitPlan, ToolRisk), Verdict> _allows = [];
    private long _checks = BaseChecks + (ChecksPerByte * (long)documentLength);

    public DiagnosticBag Findings => findings;

    public PolicyLoadOptions Options => options;

    public VerdictTable Verdicts => verdicts;

    public RegexLibrary Regexes { get; } = new(
        options.MaxRegexStates,
        new RegexMemory(options.MaxRegexCacheBytes, options.MaxRegexCacheBytesInAll),
        BaseRegexRoom + (RegexRoomPerByte * (long)documentLength));

    public PolicyIdentity Policy => verdicts.Policy;

    /// <summary>
    /// Whether there is time left to look for what only a warning would say: such looks are products of the document's parts, and may take
    /// no more than time linear in it.
    /// </summary>
    public bool TrySpend(long checks)
    {
        bool isEnough = checks <= _checks;
        _checks -= isEnough ? checks : 0;
        return isEnough;
    }

    /// <summary>A path, or what is wrong with it. Equal paths are one object.</summary>
    public PolicyPath? Path(string text, out string? problem)
    {
        problem = null;
        if (!_paths.TryGetValue(text, out PolicyPath? path) && (path = PathParser.Parse(text, out problem)) is not null)
        {
            _paths.Add(text, path);
        }

        return path;
    }

    /// <summary>The table of one head after the shared ones; entries that read the same have one together.</summary>
    public PathTable TableOf(PolicyPath head, PathTable? shared)
    {
        ref PathTable? table = ref CollectionsMarshal.GetValueRefOrAddDefault(_tables, head, out _);
        return table ??= new PathTable([head], shared);
    }

    /// <summary>The plan of one limit after the common ones; entries with an equal limit share it.</summary>
    public LimitPlan PlanOf(LimitNode limit, LimitPlan? common)
    {
        ref LimitPlan? plan = ref CollectionsMarshal.GetValueRefOrAddDefault(_plans, limit, out _);
        return plan ??= new LimitPlan([limit], null, common);
    }

    /// <summary>The verdict of calls that hang on limits alone.</summary>
    public Verdict AllowWithin(LimitPlan limits, ToolRisk risk)
    {
        ref Verdict? verdict = ref CollectionsMarshal.GetValueRefOrAddDefault(_allows, (limits, risk), out _);
        return verdict ??= Verdict.Allow(Policy, risk, limits);
    }

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

    public void UnknownMember(SyntaxNode name, string[] known) =>
        findings.Report(
            DiagnosticDescriptors.UnknownMember,
            name,
            $"{name.Quote()} is not a member of this object.",
            () => Spelling.Suggest(name.GetString(), known) ?? $"use one of {List(known)}");

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
            $"{name.Quote()} never matters: a rule without conditions denies every call.",
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
                string.Create(
                    CultureInfo.InvariantCulture, $"{Quoted.Of(text)} has {text.Length} characters; {min} to {max} are allowed."));
            return null;
        }

        return text;
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

    // Apart, as what a lambda captures is made where its method begins.
    private void UnknownWord(SyntaxNode node, string[] words) =>
        findings.Report(
            DiagnosticDescriptors.UnknownValue,
            node,
            $"{node.Quote()} is not allowed here.",
            () => Spelling.Suggest(node.GetString(), words) ?? $"use {List(words)}");

    private static string List(ReadOnlySpan<string> words) =>
        words.Length == 1 ? $"`{words[0]}`" : $"`{string.Join("`, `", words[..^1])}` or `{words[^1]}`";
}
