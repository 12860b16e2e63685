using System.Runtime.CompilerServices;
using PolicyLayer.Authorization.Decisions;
using PolicyLayer.DecisionTree;
using PolicyLayer.Grants;
using PolicyLayer.Text;

namespace PolicyLayer.Authorization.Pipeline;

/// <summary>
/// Which policy a call is judged by. INVARIANT: a call asks once, before all else, and carries the answer, so that no call sees two
/// policies, two revisions of one, or a grant before and after it was changed.
/// </summary>
internal abstract class PolicyDirectory
{
    /// <summary>Whether grants decide: then a call that names none has none.</summary>
    public abstract bool HasGrants { get; }

    /// <summary>Whether its grants may be replaced together with the policies.</summary>
    public virtual bool MayReplaceGrants => false;

    /// <summary>
    /// Puts other policies, and grants with them, in force by one write: a call that asks afterwards gets them, all of them.
    /// </summary>
    /// <returns>The grants that were in force; null where they come from elsewhere.</returns>
    public abstract IReadOnlyList<Grant>? Replace(PolicyBundle bundle);

    /// <summary>Finds the policy and its entry for a tool, or nothing where that takes asking somebody.</summary>
    /// <param name="toolName">The tool.</param>
    /// <param name="grantId">The grant; empty for none.</param>
    /// <param name="sessionId">The session, or null.</param>
    /// <param name="id">The number that the decision will have.</param>
    /// <returns>What was found: an entry that denies where there is no grant or policy, or a name is no Unicode text.</returns>
    public abstract ResolvedPolicy Find(string toolName, string grantId, string? sessionId, DecisionId id);

    /// <summary>Finds the same by asking.</summary>
    /// <exception cref="OperationCanceledException">The host gave up.</exception>
    public virtual ValueTask<ResolvedPolicy> ResolveAsync(
        string toolName, string grantId, string? sessionId, DecisionId id, CancellationToken cancellationToken) =>
        Find(toolName, grantId, sessionId, id) is { IsFound: true } policy
            ? new ValueTask<ResolvedPolicy>(policy)
            : throw new NotSupportedException("A directory that has to ask must say how.");

    /// <summary>The entry of a policy that judges a call. Only of Unicode text are no two one in a log.</summary>
    protected static ToolEntry FindEntry(PolicyTree tree, string toolName, string? sessionId) =>
        sessionId is null || IsWellFormed(sessionId) ? tree.Find(toolName) : tree.Malformed;

    // Out of line: what most calls don't have.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool IsWellFormed(string sessionId) => Utf16.IsWellFormed(sessionId);
}
