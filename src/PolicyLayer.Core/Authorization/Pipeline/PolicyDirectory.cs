using System.Runtime.CompilerServices;
using PolicyLayer.DecisionTree;
using PolicyLayer.Text;

namespace PolicyLayer.Authorization.Pipeline;

/// <summary>
/// Which policy a call is judged by. INVARIANT: a call asks once, before all else, and carries the answer, so that no call sees two
/// policies or two revisions of one.
/// </summary>
internal sealed class PolicyDirectory(Policy policy)
{
    private readonly PolicyTree _tree = policy.Tree;

    /// <summary>Finds the policy and its entry for a tool. Names that are no Unicode text get an entry that denies.</summary>
    public ResolvedPolicy Resolve(string toolName, string grantId, string? sessionId)
    {
        PolicyTree tree = _tree;
        return new ResolvedPolicy(tree, AreWellFormed(grantId, sessionId) ? tree.Find(toolName) : tree.Malformed);
    }

    /// <summary>Only of Unicode text are no two one in a log. The tool is looked at where it is found.</summary>
    private static bool AreWellFormed(string grantId, string? sessionId) =>
        Utf16.IsWellFormed(grantId) && (sessionId is null || IsWellFormed(sessionId));

    // Out of line: what most calls don't have.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool IsWellFormed(string sessionId) => Utf16.IsWellFormed(sessionId);
}
