using System.Runtime.InteropServices;
using PolicyLayer.Compilation.Context;
using PolicyLayer.DecisionTree.Counting;
using PolicyLayer.Documents;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Compilation.Limits;

/// <summary>Compiles lists of limits that entries have word for word alike once; one with findings at each of its places.</summary>
internal sealed class SharedLimits
{
    private readonly Dictionary<ulong, (SyntaxNode Source, LimitNode[] Limits)> _byHash = [];

    /// <param name="node">The list.</param>
    /// <param name="toolKey">The key of the entry that has it.</param>
    /// <param name="limits">Where its limits go: empty, so that equal lists always meet the same.</param>
    /// <param name="context">What the compilation shares.</param>
    public void Compile(SyntaxNode node, string toolKey, LimitList limits, CompilationContext context)
    {
        ref (SyntaxNode Source, LimitNode[] Limits) known =
            ref CollectionsMarshal.GetValueRefOrAddDefault(_byHash, KeyedHasher.OfBytes(node.Raw), out _);
        if (known.Limits is not null && known.Source.Raw.SequenceEqual(node.Raw))
        {
            foreach (LimitNode limit in known.Limits)
            {
                limits.TryAdd(limit);
            }

            return;
        }

        int findings = context.Findings.Reported;
        LimitCompiler.Compile(node, toolKey, limits, context);
        if (context.Findings.Reported == findings)
        {
            known = (node, [.. limits.All]);
        }
    }
}
