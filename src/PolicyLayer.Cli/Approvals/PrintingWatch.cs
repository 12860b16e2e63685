using System.Text;
using PolicyLayer.Approvals;
using PolicyLayer.Cli.Output;

namespace PolicyLayer.Cli.Approvals;

/// <summary>Prints each new request once, as a line, until it is cancelled. It reads nothing.</summary>
internal static class PrintingWatch
{
    public static async Task<int> RunAsync(
        ApprovalInbox inbox, bool asJson, CommandEnvironment environment, CancellationToken cancellationToken)
    {
        HashSet<string> printed = [];
        try
        {
            while (true)
            {
                Task tick = Task.Delay(Inboxes.BetweenLooks, environment.Time, cancellationToken);
                IReadOnlyList<ApprovalView> pending = await inbox.ListAllPendingAsync(cancellationToken).ConfigureAwait(false);
                foreach (ApprovalView request in pending.Where(request => !printed.Contains(request.Id)))
                {
                    Print(request, asJson, environment);
                }

                // What waits no more doesn't come back.
                printed = [.. pending.Select(request => request.Id)];
                await tick.ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCodes.Good;
        }
    }

    private static void Print(ApprovalView request, bool asJson, CommandEnvironment environment)
    {
        if (asJson)
        {
            ApprovalOutput.WriteJson(request, environment);
            return;
        }

        environment.Output.Write(Encoding.UTF8.GetBytes(string.Join("  ", ApprovalOutput.CellsOf(request)) + "\n"));
        environment.Output.Flush();
    }
}
