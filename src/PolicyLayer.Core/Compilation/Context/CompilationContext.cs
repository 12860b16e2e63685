using System.Runtime.InteropServices;
using PolicyLayer.Calls;
using PolicyLayer.Counters;
using PolicyLayer.DecisionTree.Counting;
using PolicyLayer.DecisionTree.Paths;
using PolicyLayer.DecisionTree.Verdicts;
using PolicyLayer.Documents;
using PolicyLayer.Regexes;

namespace PolicyLayer.Compilation.Context;

/// <summary>What every stage of one compilation shares: how it reads, where findings go, the options, and the policy's identity.</summary>
/// <param name="findings">Where findings go.</param>
/// <param name="options">How the document is read.</param>
/// <param name="verdicts">The policy's verdicts.</param>
/// <param name="documentLength">The document's bytes.</param>
internal sealed class CompilationContext(DiagnosticBag findings, PolicyLoadOptions options, VerdictTable verdicts, int documentLength = 0)
    : SyntaxReader(findings)
{
    /// <summary>For each byte of the document, what looking for contradictions may cost; and for any document.</summary>
    private const int ChecksPerByte = 64;
    private const long BaseChecks = 1_000_000;
    private const int ChecksPerLook = 16;

    /// <summary>The same for how large its regexes may be together.</summary>
    private const int RegexRoomPerByte = 8;
    private const long BaseRegexRoom = 10_000_000;

    private readonly HashSet<CountedBy> _counted = [];
    private readonly Dictionary<CounterIdentity, CounterDefinition> _counters = [];
    private readonly Dictionary<string, PartitionSource> _partitions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PolicyPath> _paths = new(StringComparer.Ordinal);
    private readonly Dictionary<PolicyPath, PathTable> _tables = [];
    private readonly Dictionary<LimitNode, CounterPlan> _plans = [];
    private long _checks = BaseChecks + (ChecksPerByte * (long)documentLength);

    public PolicyLoadOptions Options => options;

    public VerdictTable Verdicts => verdicts;

    public RegexLibrary Regexes { get; } = new(
        options.MaxRegexStates,
        new RegexMemory(options.MaxRegexCacheBytes, options.MaxRegexCacheBytesInAll),
        BaseRegexRoom + (RegexRoomPerByte * (long)documentLength));

    public PolicyIdentity Policy => verdicts.Policy;

    /// <summary>Whether an entry was compiled that may ask for the approval of a call.</summary>
    public bool AsksApproval { get; set; }

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

    /// <summary>The same for looks of a name at patterns, each of which may read both.</summary>
    public bool TrySpendLooks(long looks) => TrySpend(ChecksPerLook * looks);

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
    public CounterPlan PlanOf(LimitNode limit, CounterPlan? common, int[]? twins)
    {
        ref CounterPlan? plan = ref CollectionsMarshal.GetValueRefOrAddDefault(_plans, limit, out _);
        return plan ??= new CounterPlan([limit], null, common, twins);
    }

    /// <summary>All counters of the policy.</summary>
    public IReadOnlySet<CountedBy> Counters => _counted;

    /// <summary>A counter of the policy. The same one is one object, however many limits and orders use it.</summary>
    public CounterDefinition Counter(
        string name,
        CounterScope scope,
        CounterWindowLength window,
        CounterAlgorithm algorithm,
        CounterKind kind = CounterKind.Limit,
        PartitionSource? partition = null)
    {
        bool isPartitioned = partition is not null;
        var identity = new CounterIdentity(name, scope, window, algorithm, kind, isPartitioned);
        ref CounterDefinition? counter = ref CollectionsMarshal.GetValueRefOrAddDefault(_counters, identity, out _);
        counter ??= new CounterDefinition(Policy.Name, name, scope, window, algorithm, kind, isPartitioned);
        _counted.Add(new CountedBy(counter, partition?.Names));
        return counter;
    }

    /// <summary>What tells counters apart. The same is one object.</summary>
    public PartitionSource Partition(PolicyPath[] paths, bool foldsCase, string? label = null)
    {
        // Heads end where the next begins, and no label has a line's end.
        string key = $"{foldsCase} {label}\n{string.Join('\n', paths.Select(path => path.HeadKey))}";
        ref PartitionSource? partition = ref CollectionsMarshal.GetValueRefOrAddDefault(_partitions, key, out _);
        return partition ??= new PartitionSource(paths, foldsCase, label);
    }

    /// <summary>Warns of a part that comes after a rule which holds of every call.</summary>
    public void NeverReached(SyntaxNode name) =>
        Findings.Report(
            DiagnosticDescriptors.NeverMatters,
            name,
            $"{name.Quote()} never matters: a rule without conditions denies every call.",
            "give the rule in `deny_if` the conditions that were meant");

    private readonly record struct CounterIdentity(
        string Name, CounterScope Scope, CounterWindowLength Window, CounterAlgorithm Algorithm, CounterKind Kind, bool IsPartitioned);
}
