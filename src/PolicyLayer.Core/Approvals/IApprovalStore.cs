namespace PolicyLayer.Approvals;

/// <summary>Keeps requests for the approval of a person, and what became of them: in memory, in a database, on another machine.</summary>
/// <remarks>
/// What an implementation must guarantee, on any number of threads, and of processes if it is shared:
/// <list type="bullet">
/// <item>Each operation is one atomic step, though the process dies in the middle.</item>
/// <item>An approval is <em>pending</em> from the time of its request for <see cref="ApprovalRequest.PendingFor"/>; if a person approves
/// it meanwhile it is <em>approved</em> from then for <see cref="ApprovalTerms.ValidFor"/>, for <see cref="ApprovalTerms.Uses"/> calls; if
/// a person refuses it, pending or approved, with uses left or without, it is <em>refused</em> from then for
/// <see cref="ApprovalRequest.PendingFor"/>. A time is in a period from its first moment to just before its last. What is in no period any
/// more has ended, and so has an approval without uses left, but that a use may come back while its period runs.
/// </item>
/// <item>Bindings and ids that differ in anything, case included, are different ones. What was asked for, answered or spent under one
/// changes nothing under another.</item>
/// <item>An approval that was narrowed to the very call (<see cref="ApprovalResolve.IsExact"/>) is there for requests and uses only that
/// have the <see cref="ApprovalRequest.ExactBinding"/> of its request besides. To all else under its binding it is as if it weren't there,
/// but that a refusal refuses it with the others, and that it can be refused itself, for its whole binding.</item>
/// <item>A refusal refuses all else of its binding that hasn't ended: what is pending, approved, or spent with its period running. Each is
/// refused by the same person, at the same time and with the same reason, has no uses left, and ends there and then: its
/// <see cref="StoredApproval.Until"/> is the time of the refusal. So whoever spent one can see for an hour that a person has refused the
/// call since. What had ended before stays as it was.</item>
/// <item>The refusal in force is the one that was answered: it alone answers its binding, and while it does nothing of the binding is
/// spent. What it refused besides has ended for good: no return brings it back.</item>
/// <item><see cref="AskAsync"/> answers with what there is for the binding: first a refusal, then an approval with uses left, then a
/// pending request; else it makes a new one, unless the request asks for none or the grant has as many pending ones as it may. Of several
/// calls that ask for one binding at once, one makes the request and all get its id.</item>
/// <item><see cref="SpendAsync"/> takes a use of an approval that is in force and has one left under that binding, and never otherwise: of
/// any number of callers at once as many win as there are uses.</item>
/// <item><see cref="ReturnAsync"/> gives one use back while the approval's period runs, and never more than were spent.</item>
/// <item>An approval may be narrowed by its answer, never widened.</item>
/// <item>The times are those of the operations, or a clock of the store's own. A clock that steps back opens nothing: before the time at
/// which it was requested or approved, less a minute for clocks that differ a little, an approval is pending or in force no more than after
/// its end. A refusal holds before it, too.</item>
/// <item>What it holds is bounded, in all and by <see cref="ApprovalRequest.MaxPending"/> for one grant. One that hasn't ended is never
/// dropped to make room: the request that would need one more is answered with <see cref="ApprovalAnswer.TooMany"/>.</item>
/// <item>The <see cref="ApprovalRequest.Content"/> is a person's to read and holds values: it is kept until the approval ends, and then
/// erased. That there was one with its id, and how it ended, is remembered for an hour after the end, by a clock that steps back not longer
/// than by one that doesn't; after that the id is unknown, and before where its room is needed.</item>
/// <item>A token that is cancelled beforehand changes nothing and throws <see cref="OperationCanceledException"/>. Later, a store may
/// finish instead: the engine returns what nobody waits for.</item>
/// <item>What can't be done throws, within a time that the store bounds, and any exception will do: the engine turns it into a denial. What
/// takes time goes on in the returned task.</item>
/// </list>
/// What it may rely on: ids are 32 lower-case hexadecimal digits, 128 random bits, and never asked for twice; bindings are 64 lower-case
/// hexadecimal digits. The kit in PolicyLayer.Testing checks every promise.
/// </remarks>
public interface IApprovalStore
{
    /// <summary>Says what there is for a call, and requests an approval where there is nothing.</summary>
    /// <param name="request">The call's binding, and the request that is made where there is nothing.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<ApprovalAnswer> AskAsync(ApprovalRequest request, CancellationToken cancellationToken = default);

    /// <summary>Spends one use of an approval.</summary>
    /// <param name="use">The approval, and the call's binding.</param>
    /// <param name="cancellationToken">Gives up. A store that can no longer tell whether it spent one may leave it spent.</param>
    /// <returns>Whether one was spent.</returns>
    ValueTask<bool> SpendAsync(ApprovalUse use, CancellationToken cancellationToken = default);

    /// <summary>Gives back one use that was spent, as the call never ran.</summary>
    /// <param name="use">What was spent. The engine gives each back at most once.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask ReturnAsync(ApprovalUse use, CancellationToken cancellationToken = default);

    /// <summary>Takes a person's answer.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What became of it.</returns>
    ValueTask<ApprovalResolution> ResolveAsync(ApprovalResolve answer, CancellationToken cancellationToken = default);

    /// <summary>Finds an approval by its id.</summary>
    /// <param name="query">The id and the time.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The approval, ended ones that are still remembered included; null when the id is unknown.</returns>
    ValueTask<StoredApproval?> FindAsync(ApprovalQuery query, CancellationToken cancellationToken = default);

    /// <summary>Lists what is pending, the oldest first, a page at a time.</summary>
    /// <param name="query">Which.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>
    /// At most as many as were asked for. What is pending from before the first page is asked for until after the last is listed once; of
    /// what comes or ends between pages, some may be missing.
    /// </returns>
    ValueTask<IReadOnlyList<StoredApproval>> ListPendingAsync(ApprovalListQuery query, CancellationToken cancellationToken = default);
}
