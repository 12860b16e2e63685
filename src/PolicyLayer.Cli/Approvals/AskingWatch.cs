using System.Text;
using PolicyLayer.Approvals;
using PolicyLayer.Cli.Output;

namespace PolicyLayer.Cli.Approvals;

/// <summary>Shows a person each request whole and takes an answer, until the input ends or it is cancelled.</summary>
internal sealed class AskingWatch
{
    private readonly ApprovalInbox _inbox;
    private readonly Answering _answering;
    private readonly CommandEnvironment _environment;
    private readonly TypedLines _lines;
    private HashSet<string> _seen = [];

    private AskingWatch(ApprovalInbox inbox, Answering answering, CommandEnvironment environment)
    {
        _inbox = inbox;
        _answering = answering;
        _environment = environment;
        _lines = new TypedLines(environment.Input);
    }

    public static async Task<int> RunAsync(
        ApprovalInbox inbox, Answering answering, CommandEnvironment environment, CancellationToken cancellationToken)
    {
        var watch = new AskingWatch(inbox, answering, environment);
        watch._lines.Start();
        watch.Say("Waiting for requests; Ctrl-C ends.");
        try
        {
            while (await watch.LookAsync(cancellationToken).ConfigureAwait(false))
            {
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }

        return ExitCodes.Good;
    }

    /// <summary>Asks about the oldest request that wasn't shown yet, or waits a while; false at the end of the input.</summary>
    private async Task<bool> LookAsync(CancellationToken cancellationToken)
    {
        Task tick = Tick(cancellationToken);
        IReadOnlyList<ApprovalView> pending = await _inbox.ListAllPendingAsync(cancellationToken).ConfigureAwait(false);
        ApprovalView? next = pending.FirstOrDefault(request => !_seen.Contains(request.Id));
        _seen = [.. pending.Select(request => request.Id).Where(_seen.Contains)];
        if (next is null)
        {
            bool goesOn = await _lines.WaitAsync(tick, cancellationToken).ConfigureAwait(false);
            if (_lines.Take() is not null)
            {
                Say("Nothing waits for an answer.");
            }

            return goesOn;
        }

        _seen.Add(next.Id);
        return await AskAsync(next, cancellationToken).ConfigureAwait(false);
    }

    private async Task<bool> AskAsync(ApprovalView request, CancellationToken cancellationToken)
    {
        Task tick = Tick(cancellationToken);
        string question = TypedAnswer.QuestionOf(request.Id, ApprovalText.CanShow(request));
        ApprovalText.Write(request, _environment);
        _lines.Drop();
        Write(question);
        while (await _lines.WaitAsync(tick, cancellationToken).ConfigureAwait(false))
        {
            if (_lines.Take() is { } line)
            {
                if (TypedAnswer.IsSkip(line))
                {
                    Say("Skipped: it still waits, for `policylayer approvals approve` or `refuse`.");
                    return true;
                }

                if (await TryAnswerAsync(request, line, cancellationToken).ConfigureAwait(false))
                {
                    return true;
                }

                Write(question);
            }
            else
            {
                tick = Tick(cancellationToken);
                if (await IsOverAsync(request, cancellationToken).ConfigureAwait(false))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private async Task<bool> TryAnswerAsync(ApprovalView request, string line, CancellationToken cancellationToken)
    {
        if (TypedAnswer.Parse(line, request.Id) is not { } answer || (answer.IsApproved && !ApprovalText.CanShow(request)))
        {
            Say("That answers nothing here: the request waits.");
            return false;
        }

        try
        {
            ApprovalResolution resolution = await _answering.AnswerAsync(request.Id, answer, cancellationToken).ConfigureAwait(false);
            ApprovalView? answered = await _inbox.FindAsync(request.Id, cancellationToken).ConfigureAwait(false);
            Say(resolution == ApprovalResolution.Done
                ? AnswerOutput.TextOf(answer.IsApproved, answered)
                : $"Not taken. {AnswerText.Of(resolution)}");
            return true;
        }
        catch (CommandException e)
        {
            Say(e.Message);
            return false;
        }
    }

    /// <summary>Whether the request waits no more, as others answered or its time ran out; then that is said.</summary>
    private async Task<bool> IsOverAsync(ApprovalView request, CancellationToken cancellationToken)
    {
        ApprovalView? now = await _inbox.FindAsync(request.Id, cancellationToken).ConfigureAwait(false);
        if (now?.Status == ApprovalStatus.Pending)
        {
            return false;
        }

        Say("");
        Say(now is null ? "It waits no more." : $"It waits no more: {ApprovalWords.StatusOf(now, _environment.Time.GetUtcNow())}.");
        return true;
    }

    private Task Tick(CancellationToken cancellationToken) => Task.Delay(Inboxes.BetweenLooks, _environment.Time, cancellationToken);

    private void Say(string text) => AnswerOutput.WriteLine(text, _environment);

    private void Write(string text)
    {
        _environment.Output.Write(Encoding.UTF8.GetBytes(text));
        _environment.Output.Flush();
    }
}
