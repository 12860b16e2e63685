using PolicyLayer.DecisionTree.Verdicts;

namespace PolicyLayer.DecisionTree.Rules;

/// <summary>
/// The verdicts of one rule, made when they are first needed and then shared: one for each risk and each way in which its conditions stand
/// against a call. An agent chooses among the ways: beyond some, a verdict is made for its call.
/// </summary>
internal sealed class RuleDenials
{
    private const int MaxShared = 64;

    /// <summary>Beyond the first verdict so many characters of messages are kept, as each has the author's words.</summary>
    private const int MaxSharedCharacters = 16_384;

    private Entry? _latest;

    public Verdict? Find(ToolRisk risk, in Causes causes)
    {
        for (Entry? entry = Volatile.Read(ref _latest); entry is not null; entry = entry.Next)
        {
            if (entry.Verdict.Risk == risk && entry.Causes.Equals(causes))
            {
                return entry.Verdict;
            }
        }

        return null;
    }

    /// <summary>Returns the verdict. Two threads may each share an equal one.</summary>
    public Verdict Add(Verdict verdict, in Causes causes)
    {
        Entry? latest = Volatile.Read(ref _latest);
        int count = 1 + (latest?.Count ?? 0);
        int characters = latest is null ? 0 : latest.Characters + (verdict.Message?.Length ?? 0);
        if (count <= MaxShared && characters <= MaxSharedCharacters)
        {
            Interlocked.CompareExchange(ref _latest, new Entry(causes, verdict, latest, count, characters), latest);
        }

        return verdict;
    }

    private sealed record Entry(Causes Causes, Verdict Verdict, Entry? Next, int Count, int Characters);
}
