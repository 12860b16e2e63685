using PolicyLayer.Approvals;
using PolicyLayer.Cli.Approvals;
using PolicyLayer.Cli.Output;
using PolicyLayer.Cli.Stores;

namespace PolicyLayer.Cli.Commands;

/// <summary>One run of an <c>approvals</c> command on a store.</summary>
/// <remarks>Values of arguments are shown on the output, to the person who asks for them; no message has one.</remarks>
internal sealed class ApprovalsRun
{
    private readonly ApprovalInbox _inbox;
    private readonly ApprovalsOptions _options;
    private readonly CommandEnvironment _environment;

    private ApprovalsRun(ApprovalInbox inbox, ApprovalsOptions options, CommandEnvironment environment)
    {
        _inbox = inbox;
        _options = options;
        _environment = environment;
    }

    public static async Task<int> RunAsync(
        ApprovalsOptions options, CommandEnvironment environment, Func<ApprovalsRun, Task<int>> action)
    {
        var location = StoreLocation.ParseExisting(options.Store, "approvals");
        PolicyLayerKeys? keys = HostKeys.Read(options.Keys, environment);
        await using var stores = new ToolStores(environment);
        IApprovalStore store = await stores.OpenApprovalsAsync(location, ApprovalKeys.ProtectorOf(keys, options.ArePlain))
            .ConfigureAwait(false);
        return await action(new ApprovalsRun(new ApprovalInbox(store, environment.Time), options, environment)).ConfigureAwait(false);
    }

    public async Task<int> ListAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<ApprovalView> requests = await _inbox.ListAllPendingAsync(cancellationToken).ConfigureAwait(false);
        if (_options.Json)
        {
            foreach (ApprovalView request in requests)
            {
                ApprovalOutput.WriteJson(request, _environment);
            }
        }
        else if (requests.Count > 0)
        {
            ApprovalOutput.WriteTable(requests, _environment);
        }
        else
        {
            await _environment.Error.WriteLineAsync("Nothing waits for a person.").ConfigureAwait(false);
        }

        return ExitCodes.Good;
    }

    public async Task<int> ShowAsync(string id, CancellationToken cancellationToken)
    {
        if (await _inbox.FindAsync(id, cancellationToken).ConfigureAwait(false) is not { } request)
        {
            await _environment.Error.WriteLineAsync(AnswerText.OfUnknown(id)).ConfigureAwait(false);
            return ExitCodes.Bad;
        }

        if (_options.Json)
        {
            ApprovalOutput.WriteJson(request, _environment);
        }
        else
        {
            ApprovalText.Write(request, _environment);
        }

        return ExitCodes.Good;
    }

    public async Task<int> AnswerAsync(string id, string by, PersonAnswer answer, CancellationToken cancellationToken)
    {
        var answering = new Answering(_inbox, by);
        if (answer.IsApproved
            && await _inbox.FindAsync(id, cancellationToken).ConfigureAwait(false) is { } request
            && ApprovalWords.IsOpen(request)
            && !ApprovalWords.CanBeShown(request))
        {
            throw new CommandException(
                "What the request is about can't be read, and nobody approves what can't be shown. Help: give the keys that the host "
                + $"encrypts with, by `--keys FILE` or the variable {HostKeys.Variable}; or `--plain-approvals`.");
        }

        ApprovalResolution resolution = await answering.AnswerAsync(id, answer, cancellationToken).ConfigureAwait(false);
        ApprovalView? answered = await _inbox.FindAsync(id, cancellationToken).ConfigureAwait(false);
        AnswerOutput.Write(new GivenAnswer(id, answer.IsApproved), resolution, answered, _options.Json, _environment);
        return resolution == ApprovalResolution.Done ? ExitCodes.Good : ExitCodes.Bad;
    }

    public async Task<int> WatchAsync(string by, CancellationToken cancellationToken) =>
        _environment.IsInteractive && !_options.Json
            ? await AskingWatch.RunAsync(_inbox, new Answering(_inbox, by), _environment, cancellationToken).ConfigureAwait(false)
            : await PrintingWatch.RunAsync(_inbox, _options.Json, _environment, cancellationToken).ConfigureAwait(false);
}
