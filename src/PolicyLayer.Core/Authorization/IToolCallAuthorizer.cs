namespace PolicyLayer;

/// <summary>Judges tool calls. A host asks before it runs a tool, and reports afterwards what became of the call.</summary>
/// <remarks>Implementations are safe for use by any number of threads at once.</remarks>
public interface IToolCallAuthorizer
{
    /// <summary>Judges one call and spends the quota that it needs.</summary>
    /// <param name="call">The call that an agent asks for.</param>
    /// <param name="cancellationToken">Gives up; what was already reserved is given back, and a record of an allow corrected.</param>
    /// <returns>The decision. Whatever can't be judged, or breaks, is a denial with its own code and never an exception.</returns>
    /// <exception cref="ArgumentException"><paramref name="call"/> names no tool.</exception>
    /// <exception cref="InvalidOperationException">
    /// The host has no grants, <paramref name="call"/> names none and there is no <see cref="ToolCallAuthorizerOptions.DefaultGrantId"/>;
    /// or it has grants, and the call brings attributes of one.
    /// </exception>
    /// <exception cref="NotSupportedException"><paramref name="call"/> sets a member that this release doesn't support.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    ValueTask<ToolCallDecision> AuthorizeAsync(ToolCall call, CancellationToken cancellationToken = default);

    /// <summary>Says what would be decided about a call now, and why, and spends nothing: for authors, tests and people who ask.</summary>
    /// <remarks>
    /// The stores are looked at, and nobody is asked for approval; nothing is recorded. A call that would go on with another one is
    /// explained as one of its own.
    /// </remarks>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>
    /// What <see cref="AuthorizeAsync"/> would say, unless the audit, a race with other calls or the bound on pending approvals stood in
    /// the way: whether there is room for one more request isn't looked at.
    /// </returns>
    /// <exception cref="ArgumentException"><paramref name="call"/> names no tool.</exception>
    /// <exception cref="InvalidOperationException">As of <see cref="AuthorizeAsync"/>.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    ValueTask<ToolCallExplanation> ExplainAsync(ToolCall call, CancellationToken cancellationToken = default);

    /// <summary>Says whether a grant may ever call a tool, by the policy in force, so that a host can filter its list of tools.</summary>
    /// <remarks>It spends nothing. What it says holds until the policy or the grant changes.</remarks>
    /// <param name="toolName">The tool's name, compared ordinally and with case.</param>
    /// <param name="grantId">Who would call; null for <see cref="ToolCallAuthorizerOptions.DefaultGrantId"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What can't be found out is <see cref="ToolAvailability.Never"/>, never an exception.</returns>
    /// <exception cref="ArgumentException"><paramref name="toolName"/> is null, or <paramref name="grantId"/> is empty.</exception>
    /// <exception cref="InvalidOperationException">
    /// <paramref name="grantId"/> is null and there is no <see cref="ToolCallAuthorizerOptions.DefaultGrantId"/>.
    /// </exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    ValueTask<ToolAvailability> DescribeAsync(string toolName, string? grantId = null, CancellationToken cancellationToken = default);

    /// <summary>Reports what became of an allowed call, once.</summary>
    /// <param name="decision">The decision that this authorizer gave.</param>
    /// <param name="outcome">
    /// What became of the call. Only <see cref="ToolCallOutcome.NotExecuted"/> gives quota back; only
    /// <see cref="ToolCallOutcome.Succeeded"/> opens calls that must come after it. Of a call that others went on with, report the last:
    /// it settles them all, and a report on an earlier one does too but gives nothing back.
    /// </param>
    /// <param name="cancellationToken">Stops waiting: a report that has begun is carried out all the same.</param>
    /// <returns>
    /// True when the call was open and is closed by this report: at most once for a decision, however often it was copied. False when there
    /// was nothing to close: a denial, a call that was reported before or was forgotten among too many open ones, or an allow that nobody
    /// has to report, as it spent no quota and nothing is recorded.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="outcome"/> isn't an outcome of this library.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    ValueTask<bool> CompleteAsync(ToolCallDecision decision, ToolCallOutcome outcome, CancellationToken cancellationToken = default);
}
