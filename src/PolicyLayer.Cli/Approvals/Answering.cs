using PolicyLayer.Approvals;

namespace PolicyLayer.Cli.Approvals;

/// <summary>Gives one person's answers.</summary>
internal sealed class Answering
{
    private readonly ApprovalInbox _inbox;
    private readonly Approver _approver;

    /// <exception cref="CommandException">The name is none.</exception>
    public Answering(ApprovalInbox inbox, string by)
    {
        _inbox = inbox;
        try
        {
            _approver = new Approver(by);
        }
        catch (ArgumentException)
        {
            throw new CommandException($"`--by`, or the login name in its place, is {AnswerText.OfName}.");
        }
    }

    /// <exception cref="CommandException">The reason is none.</exception>
    public async Task<ApprovalResolution> AnswerAsync(string id, PersonAnswer answer, CancellationToken cancellationToken)
    {
        try
        {
            return answer.IsApproved
                ? await _inbox.ApproveAsync(
                    id,
                    _approver,
                    answer.Reason,
                    answer.IsOnce ? 1 : answer.Uses,
                    answer.ValidFor,
                    isExact: answer.IsOnce,
                    cancellationToken).ConfigureAwait(false)
                : await _inbox.RefuseAsync(id, _approver, answer.Reason, cancellationToken).ConfigureAwait(false);
        }
        catch (ArgumentException)
        {
            throw new CommandException($"The reason is {AnswerText.OfReason}.");
        }
    }
}
