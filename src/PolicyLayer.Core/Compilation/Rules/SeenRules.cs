using PolicyLayer.DecisionTree.Rules;
using PolicyLayer.Documents;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Compilation.Rules;

/// <summary>
/// The conditions of the rules read so far, for one entry and for what applies to every call, to notice a rule said twice.
/// </summary>
internal sealed class SeenRules(SeenRules? shared = null)
{
    // Only warnings hang on these hashes, and they are keyed by the process, so that equal ones may stand for equal rules.
    private HashSet<(RuleList List, ulong Conditions, ulong Any)>? _hashes;

    /// <summary>
    /// Notes a rule's conditions; false when a rule of the same list, or of the shared one, has the same; or when one that denies does,
    /// before a person could be asked.
    /// </summary>
    public bool Add(RuleList list, SyntaxNode? conditions, SyntaxNode? any)
    {
        (RuleList List, ulong Conditions, ulong Any) key = (list, HashOf(conditions), HashOf(any));
        bool isNew = !Knows(key) && !(list == RuleList.ApproveIf && Knows(key with { List = RuleList.DenyIf }));
        return isNew && (_hashes ??= []).Add(key);
    }

    private bool Knows((RuleList List, ulong Conditions, ulong Any) key) =>
        shared?._hashes?.Contains(key) == true || _hashes?.Contains(key) == true;

    // No conditions and an empty list of them mean the same.
    private static ulong HashOf(SyntaxNode? list) => list is { } node && node.End > node.Index + 1 ? JsonHash.Of(node.Value) : 0;
}
