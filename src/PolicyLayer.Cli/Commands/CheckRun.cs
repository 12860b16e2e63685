using PolicyLayer.Approvals;
using PolicyLayer.Auditing;
using PolicyLayer.Cli.Approvals;
using PolicyLayer.Cli.Audit;
using PolicyLayer.Cli.Calls;
using PolicyLayer.Cli.Grants;
using PolicyLayer.Cli.Output;
using PolicyLayer.Cli.Stores;

namespace PolicyLayer.Cli.Commands;

/// <summary>One run of <c>check</c>.</summary>
internal sealed class CheckRun
{
    private const string StandardInput = "-";

    private const string DefaultGrant = "default";

    private const string UnnamedApprover = "author";

    private readonly CommandEnvironment _environment;
    private readonly CommandClock _clock;
    private readonly ToolCallAuthorizer _authorizer;
    private readonly Func<string, bool> _revoke;
    private readonly bool _explains;
    private readonly IDecisionOutput _output;
    private readonly DecisionHistory _history = new();
    private readonly RunTally _tally = new();

    private CheckRun(
        CommandEnvironment environment,
        CommandClock clock,
        ToolCallAuthorizer authorizer,
        Func<string, bool> revoke,
        bool explains,
        IDecisionOutput output)
    {
        _environment = environment;
        _clock = clock;
        _authorizer = authorizer;
        _revoke = revoke;
        _explains = explains;
        _output = output;
    }

    public static async Task<int> RunAsync(CheckOptions options, CommandEnvironment environment, CancellationToken cancellationToken)
    {
        StoreOptions places = options.Stores;
        StoreLocation counters = StoreLocation.Parse(places.Counters, "--counters", "counters");
        StoreLocation approvals = places.Approvals is { } place ? StoreLocation.Parse(place, "--approvals", "approvals") : counters;
        if (PolicyFile.LoadAll([options.Policy, .. options.FurtherPolicies], environment) is not { } policies)
        {
            return ExitCodes.Failed;
        }

        RunGrants grants = RunGrants.Open(options.Grants, policies, environment);
        PolicyLayerKeys? keys = HostKeys.Read(places.Keys, environment);

        // What asks nobody needs no place for requests, and no keys for it.
        bool mayAsk = places.Approvals is not null || policies.Any(policy => policy.MayRequireApproval);
        var clock = new CommandClock(environment.Time);
        await using var stores = new ToolStores(environment);
        var authorizerOptions = new ToolCallAuthorizerOptions
        {
            Grants = grants.Resolver,
            Approvals = mayAsk
                ? await stores.OpenApprovalsAsync(approvals, ApprovalKeys.ProtectorOf(keys, places.PlainApprovals)).ConfigureAwait(false)
                : null,
            Counters = await stores.OpenCountersAsync(counters).ConfigureAwait(false),
            CounterTimeout = 2 * ToolStores.Deadline,
            ApprovalTimeout = 2 * ToolStores.Deadline,
            Keys = keys,
            TimeProvider = clock,
        };
        using EcdsaAuditSigner? signer = AuditFile.SignerOf(places.Audit);
        await using JsonLinesAuditSink? audit = places.Audit is { } log ? AuditFile.Open(log, keys, signer) : null;
        if (audit is not null)
        {
            authorizerOptions.AuditSinks.Add(audit);
        }

        using IDecisionOutput output = OpenOutput(options, environment);
        var authorizer = new ToolCallAuthorizer(policies, authorizerOptions);
        var run = new CheckRun(environment, clock, authorizer, grants.Revoke, options.Explain, output);
        await run.JudgeAsync(options, cancellationToken).ConfigureAwait(false);
        return run._tally.IsGood ? ExitCodes.Good : ExitCodes.Bad;
    }

    private async Task JudgeAsync(CheckOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await (options.Calls is { } calls
                ? JudgeStreamAsync(calls, cancellationToken)
                : JudgeToolAsync(options, cancellationToken)).ConfigureAwait(false);
        }
        finally
        {
            // Behind all answers, and before what ended the run.
            _output.Flush();
            _tally.Write(_environment.Error, isForPerson: !options.Json);
        }
    }

    // A table has to wait for its last row; whoever writes calls to standard input waits for each answer. It has no place for explanations.
    private static IDecisionOutput OpenOutput(CheckOptions options, CommandEnvironment environment)
    {
        if (options.Json)
        {
            return new JsonDecisionOutput(environment);
        }

        return options.Calls == StandardInput || options.Explain
            ? new ListDecisionOutput(environment)
            : new TableDecisionOutput(environment);
    }

    private static FileStream OpenCalls(string file)
    {
        if (Directory.Exists(file))
        {
            throw new CommandException($"`{PlainTable.OneLine(file)}` is a folder.");
        }

        try
        {
            return new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0, useAsync: true);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CommandException($"`{PlainTable.OneLine(file)}` doesn't exist.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new CommandException($"`{PlainTable.OneLine(file)}` can't be read: {PlainTable.OneLine(e.Message)}");
        }
    }

    private async Task JudgeToolAsync(CheckOptions options, CancellationToken cancellationToken)
    {
        ToolArguments arguments = options.Arguments is { } text ? ToolArguments.FromJson(text) : ToolArguments.None;
        var call = new ToolCall(options.Tool!, arguments) { GrantId = options.Grant ?? DefaultGrant, SessionId = options.Session };
        for (int i = 0; i < options.Repeat; i++)
        {
            await DecideAsync(call, line: null, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask<ToolCallDecision> DecideAsync(ToolCall call, CallLine? line, CancellationToken cancellationToken)
    {
        // Before the call is judged: its limits are then what it met.
        ToolCallExplanation? explanation = _explains
            ? await _authorizer.ExplainAsync(call, cancellationToken).ConfigureAwait(false)
            : null;
        ToolCallDecision decision = await _authorizer.AuthorizeAsync(call, cancellationToken).ConfigureAwait(false);
        _output.Write(decision, line, explanation);
        return decision;
    }

    private async Task JudgeStreamAsync(string file, CancellationToken cancellationToken)
    {
        bool isInput = file == StandardInput;
        string name = isInput ? "stdin" : PlainTable.OneLine(file);
        await using FileStream? opened = isInput ? null : OpenCalls(file);
        var lines = new CallLines(opened ?? _environment.Input);
        using var progress = new ProgressLine(_environment, "lines", answersCome: true);
        try
        {
            while (await lines.ReadAsync(cancellationToken).ConfigureAwait(false) is { } line)
            {
                await ActAsync(StreamLineParser.Parse(line), $"{name}:{lines.Number}", cancellationToken).ConfigureAwait(false);
                progress.Report(lines.Number);
            }
        }
        catch (FormatException e)
        {
            throw new CommandException($"{name}:{lines.Number}: {e.Message}");
        }
    }

    private Task ActAsync(StreamLine line, string place, CancellationToken cancellationToken) => line switch
    {
        CallLine call => JudgeAsync(call, place, cancellationToken),
        CompleteLine complete => CompleteAsync(complete, place, cancellationToken),
        AdvanceLine advance => AdvanceAsync(advance),
        AnswerLine answer => AnswerAsync(answer, place, cancellationToken),
        RevokeLine revoke => RevokeAsync(revoke, place),
        _ => throw new InvalidOperationException("A kind of line has no action."),
    };

    private async Task JudgeAsync(CallLine line, string place, CancellationToken cancellationToken)
    {
        if (line.At is { } at)
        {
            _clock.Set(at);
        }

        string? continued = line.Continues is null ? null : _history.IdOf(line.Continues);
        if (continued is not null && !_history.Knows(continued))
        {
            string help = "Help: name `last`, or a `decision_id` from `--json`.";
            _tally.Fail(place, $"No call of this run has the decision id {QuotedText.Of(continued)}. {help}");
        }

        ToolArguments arguments = line.Arguments is { } text ? ToolArguments.FromUtf8(text) : ToolArguments.None;
        var call = new ToolCall(line.Tool, arguments)
        {
            GrantId = line.Grant ?? DefaultGrant,
            SessionId = line.Session,
            SessionSource = line.SessionSource,
            Server = line.Server,
            Context = line.Context is { } context ? ToolArguments.FromUtf8(context) : ToolArguments.None,
            MayContinue = true,
            Continues = continued,
        };
        ToolCallDecision decision = await DecideAsync(call, line, cancellationToken).ConfigureAwait(false);
        _history.Add(decision);
        _tally.Compare(line, decision, place);
    }

    private async Task CompleteAsync(CompleteLine line, string place, CancellationToken cancellationToken)
    {
        bool isOpen = _history.TryTake(line.Target, out ToolCallDecision decision)
            && await _authorizer.CompleteAsync(decision, line.Outcome, cancellationToken).ConfigureAwait(false);
        if (!isOpen)
        {
            _tally.Fail(place, $"{QuotedText.Of(line.Target)} is no allowed call that waits for its outcome.");
        }

        _output.WriteEvent("complete", isOpen);
    }

    private async Task AnswerAsync(AnswerLine line, string place, CancellationToken cancellationToken)
    {
        ApprovalResolution resolution = ApprovalResolution.NotNeeded;
        string text = AnswerText.OfNoRequest(_history.Latest);
        if (_history.FindApproval(line.Target) is { } id)
        {
            resolution = await AnswerAsync(id, line, cancellationToken).ConfigureAwait(false);
            text = AnswerText.Of(line.Target, resolution);
        }

        bool isDone = resolution == ApprovalResolution.Done;
        if (!isDone)
        {
            _tally.Fail(place, text);
        }

        _output.WriteEvent(line.IsApproved ? "approve" : "refuse", isDone, isDone ? null : resolution.ToWireString());
    }

    private async ValueTask<ApprovalResolution> AnswerAsync(string id, AnswerLine line, CancellationToken cancellationToken)
    {
        try
        {
            var approver = new Approver(line.By ?? UnnamedApprover);
            ValueTask<ApprovalResolution> answer = line.IsApproved
                ? _authorizer.Approvals.ApproveAsync(id, approver, line.Reason, cancellationToken: cancellationToken)
                : _authorizer.Approvals.RefuseAsync(id, approver, line.Reason, cancellationToken);
            return await answer.ConfigureAwait(false);
        }
        catch (ArgumentException)
        {
            throw new FormatException($"`by` is {AnswerText.OfName}; `reason` is {AnswerText.OfReason}.");
        }
    }

    private Task AdvanceAsync(AdvanceLine line)
    {
        try
        {
            _clock.Advance(line.Duration);
        }
        catch (ArgumentOutOfRangeException)
        {
            throw new FormatException("The clock can't be advanced that far.");
        }

        _output.WriteEvent("advance", isOk: true);
        return Task.CompletedTask;
    }

    private Task RevokeAsync(RevokeLine line, string place)
    {
        bool isKnown = _revoke(line.Grant);
        if (!isKnown)
        {
            _tally.Fail(place, $"{QuotedText.Of(line.Grant)} is no grant of the file.");
        }

        _output.WriteEvent("revoke", isKnown, isKnown ? null : "unknown");
        return Task.CompletedTask;
    }
}
