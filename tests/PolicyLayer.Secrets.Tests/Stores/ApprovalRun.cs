using PolicyLayer.Approvals;
using PolicyLayer.Tests.Secrets.Hosts;
using PolicyLayer.Tests.Secrets.Positions;
using PolicyLayer.Tests.Secrets.Searching;

namespace PolicyLayer.Tests.Secrets.Stores;

/// <summary>Has each call ask, be answered in one of the ways there are, and looks at its approval once it has ended.</summary>
internal sealed class ApprovalRun(Stage stage, Plant reasons)
{
    private static readonly Approver Alice = new("alice");

    private readonly ApprovalInbox _inbox = stage.Authorizer.Approvals;

    public async Task RunAsync(IReadOnlyList<PlantedCall> calls)
    {
        for (int i = 0; i < calls.Count; i++)
        {
            ToolCall call = calls[i].ToCall();
            ToolCallDecision asked = await stage.CallAsync(call);
            Assert.Equal(DecisionOutcome.ApprovalRequired, asked.Outcome);
            string id = asked.ApprovalId!;
            switch (i % 3)
            {
                case 0:
                    await _inbox.ApproveAsync(id, Alice, reasons.Text("reason of an approval"));
                    Assert.True((await stage.CallAsync(call, ToolCallOutcome.NotExecuted)).IsAllowed);
                    Assert.True((await stage.CallAsync(call)).IsAllowed);
                    break;
                case 1:
                    await _inbox.RefuseAsync(id, Alice, reasons.Text("reason of a refusal"));
                    Assert.Equal(DecisionCode.ApprovalDenied, (await stage.CallAsync(call)).Code);
                    break;
                default:
                    await _inbox.ApproveAsync(id, Alice);
                    await _inbox.RefuseAsync(id, Alice, reasons.Text("reason of a withdrawal"));
                    Assert.Equal(DecisionCode.ApprovalDenied, (await stage.CallAsync(call)).Code);
                    break;
            }

            ApprovalView ended = (await _inbox.FindAsync(id))!;
            Assert.Null(ended.Arguments);
            stage.Witness.SeeObject("ended approvals", ended);
        }

        Assert.Empty(await _inbox.ListPendingAsync());
    }
}
