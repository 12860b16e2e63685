using System.Collections.Frozen;
using PolicyLayer.DecisionTree;

namespace PolicyLayer.Authorization.Pipeline;

/// <summary>The policies of one moment, found by name. Immutable.</summary>
internal sealed class PolicyTable(IReadOnlyList<Policy> policies)
{
    /// <summary>So many names are compared faster than one is looked up, and few hosts have more.</summary>
    private const int Few = 4;

    private readonly (string Name, PolicyTree Tree)[] _first = [.. policies.Take(Few).Select(policy => (policy.Name, policy.Tree))];
    private readonly FrozenDictionary<string, PolicyTree> _others =
        policies.Skip(Few).ToFrozenDictionary(policy => policy.Name, policy => policy.Tree, StringComparer.Ordinal);

    /// <summary>The policy of grants that name none.</summary>
    public PolicyTree First { get; } = policies[0].Tree;

    public PolicyTree? Find(string name)
    {
        foreach ((string known, PolicyTree tree) in _first)
        {
            if (known == name)
            {
                return tree;
            }
        }

        return _others.GetValueOrDefault(name);
    }
}
