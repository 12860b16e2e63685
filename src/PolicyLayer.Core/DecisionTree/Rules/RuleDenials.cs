using System.Collections.Concurrent;
using PolicyLayer.DecisionTree.Verdicts;

namespace PolicyLayer.DecisionTree.Rules;

/// <summary>
/// The verdicts of one rule, made when they are first needed and then shared: one for each risk, and one for each way in which it can't be
/// judged, of which there are no more than the policy has conditions and kinds of doubt.
/// </summary>
internal sealed class RuleDenials
{
    private readonly Verdict?[] _plain = new Verdict?[(int)ToolRisk.Other + 1];
    private ConcurrentDictionary<(Doubt Doubt, ToolRisk Risk), Verdict>? _doubtful;

    public Verdict? Find(ToolRisk risk, in Doubt? doubt)
    {
        if (doubt is not { } found)
        {
            return _plain[(int)risk];
        }

        return _doubtful is not null && _doubtful.TryGetValue((found, risk), out Verdict? known) ? known : null;
    }

    public Verdict Add(Verdict verdict, in Doubt? doubt)
    {
        if (doubt is not { } found)
        {
            return _plain[(int)verdict.Risk] = verdict;
        }

        if (_doubtful is null)
        {
            Interlocked.CompareExchange(ref _doubtful, new ConcurrentDictionary<(Doubt, ToolRisk), Verdict>(), null);
        }

        return _doubtful.GetOrAdd((found, verdict.Risk), verdict);
    }
}
