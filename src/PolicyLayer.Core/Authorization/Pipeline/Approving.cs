using PolicyLayer.Approvals;
using PolicyLayer.Authorization.Decisions;
using PolicyLayer.Telemetry;

namespace PolicyLayer.Authorization.Pipeline;

/// <summary>
/// Asks the approval store, which answers within its time or gave no answer: then nothing is approved. Only a host that gives up is an
/// exception.
/// </summary>
internal sealed class Approving(IApprovalStore store, TimeSpan timeout, Notifying? notifying, HostClock clock, FaultReporter faults)
{
    /// <summary>What the options call the store.</summary>
    private const string Place = "Approvals";

    private readonly TimeProvider _time = clock.Provider;

    /// <summary>What there is for a call; a default answer for none. An answer about another call is none.</summary>
    public async ValueTask<ApprovalAnswer> AskAsync(ApprovalRequest request, DecisionId id, CancellationToken cancellationToken)
    {
        Task<ApprovalAnswer>? pending = null;
        try
        {
            pending = store.AskAsync(request, cancellationToken).AsTask();
            ApprovalAnswer answer = await WithinTimeAsync(pending, cancellationToken).ConfigureAwait(false);
            return IsAbout(request, answer)
                ? Notified(answer, id)
                : throw new InvalidOperationException("The store answered with the approval of another call.");
        }
        catch (Exception e)
        {
            if (pending is { IsFaulted: false, IsCanceled: false })
            {
                // The request may still be made, and then waits for a person.
                _ = NotifyLateAsync(request, pending, id);
            }

            if (IsGivenUp(e, cancellationToken))
            {
                // Not the store's own, which may hold what the store was given.
                throw new OperationCanceledException(cancellationToken);
            }

            faults.Tell(FaultKind.ApprovalAsk, Place, e, id.ToString());
            return default;
        }
    }

    /// <summary>Finds an approval; false when the store gave no answer.</summary>
    public async ValueTask<(bool IsAnswered, StoredApproval? Found)> FindAsync(
        ApprovalQuery query, DecisionId id, CancellationToken cancellationToken)
    {
        Task<StoredApproval?>? pending = null;
        try
        {
            pending = store.FindAsync(query, cancellationToken).AsTask();
            return (true, await WithinTimeAsync(pending, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception e) when (!IsGivenUp(e, cancellationToken))
        {
            faults.Tell(FaultKind.ApprovalAsk, Place, e, id.ToString());
            if (pending is { IsCompleted: false })
            {
                _ = faults.TellLaterAsync(FaultKind.ApprovalAsk, Place, pending, id.ToString());
            }

            return default;
        }
    }

    private static bool IsAbout(ApprovalRequest request, in ApprovalAnswer answer) =>
        answer.Approval is not { } approval
        || (approval.Binding == request.Binding && approval.GrantId == request.GrantId && !IsNarrowedToAnother(request, approval));

    // A refusal holds for all that it might have covered.
    private static bool IsNarrowedToAnother(ApprovalRequest request, StoredApproval approval) =>
        approval is { IsExact: true, Status: not ApprovalStatus.Refused } && approval.ExactBinding != request.ExactBinding;

    private ApprovalAnswer Notified(in ApprovalAnswer answer, DecisionId id)
    {
        if (answer.Kind == ApprovalAnswerKind.Requested)
        {
            notifying?.Begin(answer.Approval!, id);
        }

        return answer;
    }

    private async Task NotifyLateAsync(ApprovalRequest request, Task<ApprovalAnswer> pending, DecisionId id)
    {
        try
        {
            ApprovalAnswer answer = await pending.ConfigureAwait(false);
            if (IsAbout(request, answer))
            {
                Notified(answer, id);
            }
        }
        catch (OperationCanceledException)
        {
            // It was told to stop, and did.
        }
        catch (Exception e)
        {
            faults.Tell(FaultKind.ApprovalAsk, Place, e, id.ToString());
        }
    }

    /// <summary>
    /// Spends a use by the time of now: <see cref="DecisionCode.Allowed"/> when it was spent, else what the call is denied with.
    /// </summary>
    /// <exception cref="OperationCanceledException">The host gave up; what the store spends all the same goes back.</exception>
    public async ValueTask<DecisionCode> SpendAsync(ApprovalUse use, DecisionId id, CancellationToken cancellationToken)
    {
        bool? isSpent = clock.ReadTime(id) is { } now
            ? await TrySpendAsync(use.At(now), id, cancellationToken).ConfigureAwait(false)
            : null;
        return isSpent switch
        {
            true => DecisionCode.Allowed,
            false => DecisionCode.ApprovalSpent,
            null => DecisionCode.ApprovalStoreUnavailable,
        };
    }

    /// <summary>Whether a use was spent; null when the store gave no answer.</summary>
    private async ValueTask<bool?> TrySpendAsync(ApprovalUse use, DecisionId id, CancellationToken cancellationToken)
    {
        Task<bool>? pending = null;
        try
        {
            pending = store.SpendAsync(use, cancellationToken).AsTask();
            return await WithinTimeAsync(pending, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            if (pending is { IsFaulted: false, IsCanceled: false })
            {
                // The store may still spend what nobody waits for any more.
                _ = ReturnLateAsync(use, pending, id);
            }

            if (IsGivenUp(e, cancellationToken))
            {
                throw;
            }

            faults.Tell(FaultKind.ApprovalSpend, Place, e, id.ToString());
            return null;
        }
    }

    /// <summary>Gives a use back, as far as the store can: one that stays spent opens nothing. It never throws.</summary>
    public async ValueTask ReturnAsync(ApprovalUse spent, DecisionId id)
    {
        if (clock.ReadTime(id) is not { } now)
        {
            return;
        }

        Task? pending = null;
        try
        {
            pending = store.ReturnAsync(spent.At(now), CancellationToken.None).AsTask();
            await pending.WaitAsync(timeout, _time).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            faults.Tell(FaultKind.ApprovalReturn, Place, e, id.ToString());
            if (pending is { IsCompleted: false })
            {
                _ = faults.TellLaterAsync(FaultKind.ApprovalReturn, Place, pending, id.ToString());
            }
        }
    }

    private async Task ReturnLateAsync(ApprovalUse use, Task<bool> pending, DecisionId id)
    {
        bool isSpent = false;
        try
        {
            isSpent = await pending.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // It was told to stop, and did.
        }
        catch (Exception e)
        {
            faults.Tell(FaultKind.ApprovalSpend, Place, e, id.ToString());
        }

        if (isSpent)
        {
            await ReturnAsync(use, id).ConfigureAwait(false);
        }
    }

    private Task<T> WithinTimeAsync<T>(Task<T> pending, CancellationToken cancellationToken) =>
        pending.IsCompleted ? pending : pending.WaitAsync(timeout, _time, cancellationToken);

    private static bool IsGivenUp(Exception exception, CancellationToken cancellationToken) =>
        exception is OperationCanceledException && cancellationToken.IsCancellationRequested;
}
