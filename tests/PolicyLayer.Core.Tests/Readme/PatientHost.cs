using PolicyLayer;
using PolicyLayer.Approvals;

internal sealed class PatientHost(ToolCallAuthorizer authorizer, TimeSpan patience)
{
    public async Task<ToolCallDecision> AuthorizeAsync(ToolCall call, CancellationToken cancellationToken)
    {
        ToolCallDecision decision = await authorizer.AuthorizeAsync(call, cancellationToken);
        if (!decision.ApprovalWouldHelp)
        {
            return decision;
        }

        // Once a person has answered, the call is judged anew; where nobody did, asking again would be another request.
        ApprovalStatus status = await authorizer.Approvals.WaitAsync(decision.ApprovalId!, patience, cancellationToken);
        return status is ApprovalStatus.Approved or ApprovalStatus.Refused
            ? await authorizer.AuthorizeAsync(call, cancellationToken)
            : decision;
    }

    public async Task ShowAsync(TextWriter screen, CancellationToken cancellationToken)
    {
        foreach (ApprovalView waiting in await authorizer.Approvals.ListPendingAsync(cancellationToken: cancellationToken))
        {
            await screen.WriteLineAsync($"{waiting.Id}: {waiting.GrantId} calls {waiting.ToolName} {waiting.Arguments}");
        }
    }

    public async Task<bool> ApproveAsync(string id, string person, CancellationToken cancellationToken) =>
        await authorizer.Approvals.ApproveAsync(id, new Approver(person), cancellationToken: cancellationToken) == ApprovalResolution.Done;
}
