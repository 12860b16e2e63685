using PolicyLayer.DecisionTree;
using PolicyLayer.Grants;

namespace PolicyLayer.Authorization.Pipeline;

/// <summary>The policy that a call is judged by, and the entry of the call's tool in it.</summary>
/// <param name="Tree">The policy; null for a call whose grant has none, which the entry denies before anything of it is read.</param>
/// <param name="Entry">The entry.</param>
/// <param name="Grant">The grant; null where the host has none.</param>
internal readonly record struct ResolvedPolicy(PolicyTree? Tree, ToolEntry Entry, Grant? Grant)
{
    /// <summary>False of one that has no entry, as somebody has to be asked first.</summary>
    public bool IsFound => Entry is not null;
}
