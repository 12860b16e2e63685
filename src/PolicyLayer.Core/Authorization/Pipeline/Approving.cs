using PolicyLayer.Approvals;
using PolicyLayer.Authorization.Decisions;
using PolicyLayer.Telemetry;

namespace PolicyLayer.Authorization.Pipeline;

/// <summary>
/// Asks the approval store, which answers within its time or gave no answer: then nothing is approved. Only a host that gives up is an
/// exception.
/// </summary>
internal sealed class Approving(
    IApprovalStore store, TimeSpan timeout, Notifying? notifying, RecordingAnswers? answers, HostClock clock, FaultReporter faults)
{
    /// <summary>What the options call the store.</summary>
    public const string Place = "Approvals";

    private readonly TimeProvider _time = clock.Provider;

    /// <summary>What there is for a call; a default answer for none. An answer about another call is none.</summary>
    public async ValueTask<ApprovalAnswer> AskAsync(ApprovalRequest request, CallInFlight call, CancellationToken cancellationToken)
    {
        Task<ApprovalAnswer>? pending = null;
        Wait wait = Wait.Begin(_time);
        try
        {
            pending = store.AskAsync(request, cancellationToken).AsTask();
            ApprovalAnswer answer = await WithinTimeAsync(pending, cancellationToken).ConfigureAwait(false);
            if (!IsAbout(request, answer))
            {
                throw new InvalidOperationException("The store answered with the approval of another call.");
            }

            wait.End(FaultKind.ApprovalAsk, Place);
            return Told(answer, request, call);
        }
        catch (Exception e)
        {
            if (pending is { IsFaulted: false, IsCanceled: false })
            {
                // The request may still be made, and then waits for a person.
                _ = TellLateAsync(request, pending, call);
            }

            if (IsGivenUp(e, cancellationToken))
            {
                // Not the store's own, which may hold what the store was given.
                throw new OperationCanceledException(cancellationToken);
            }

            wait.End(FaultKind.ApprovalAsk, Place, e);
            faults.Tell(FaultKind.ApprovalAsk, Place, e, call.Id.ToString());
            return default;
        }
    }

    private static bool IsAbout(ApprovalRequest request, in ApprovalAnswer answer) =>
        answer.Approval is not { } approval
        || (approval.Binding == request.Binding && approval.GrantId == request.GrantId && !IsNarrowedToAnother(request, approval));

    // A refusal holds for all that it might have covered.
    private static bool IsNarrowedToAnother(ApprovalRequest request, StoredApproval approval) =>
        approval is { IsExact: true, Status: not ApprovalStatus.Refused } && approval.ExactBinding != request.ExactBinding;

    /// <summary>Tells whoever wants to know of a request, or of what became of one. What isn't recorded, as a look, tells nobody.</summary>
    private ApprovalAnswer Told(in ApprovalAnswer answer, ApprovalRequest request, in CallInFlight call)
    {
        RecordingAnswers? recording = call.Report is null ? null : answers;
        switch (answer.Kind)
        {
            case ApprovalAnswerKind.Requested:
                notifying?.Begin(answer.Approval!, call.Id);
                recording?.Begin(call, answer.Approval!.Id, request.PendingFor);
                break;
            case ApprovalAnswerKind.Found:
                recording?.Meet(answer.Approval!, call.Id);
                break;
            default:
                break;
        }

        return answer;
    }

    private async Task TellLateAsync(ApprovalRequest request, Task<ApprovalAnswer> pending, CallInFlight call)
    {
        try
        {
            ApprovalAnswer answer = await pending.ConfigureAwait(false);
            if (IsAbout(request, answer))
            {
                Told(answer, request, call);
            }
        }
        catch (OperationCanceledException)
        {
            // It was told to stop, and did.
        }
        catch (Exception e)
        {
            faults.Tell(FaultKind.ApprovalAsk, Place, e, call.Id.ToString());
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
        Wait wait = Wait.Begin(_time);
        try
        {
            pending = store.SpendAsync(use, cancellationToken).AsTask();
            bool isSpent = await WithinTimeAsync(pending, cancellationToken).ConfigureAwait(false);
            wait.End(FaultKind.ApprovalSpend, Place);
            return isSpent;
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

            wait.End(FaultKind.ApprovalSpend, Place, e);
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
        Wait wait = Wait.Begin(_time);
        try
        {
            pending = store.ReturnAsync(spent.At(now), CancellationToken.None).AsTask();
            await pending.WaitAsync(timeout, _time).ConfigureAwait(false);
            wait.End(FaultKind.ApprovalReturn, Place);
        }
        catch (Exception e)
        {
            wait.End(FaultKind.ApprovalReturn, Place, e);
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
