using Microsoft.Extensions.AI;

namespace PolicyLayer.Extensions.AI;

/// <summary>
/// A function that asks before it runs, and reports what became of it. Safe for any number of threads if the inner one is.
/// </summary>
internal sealed class GuardedFunction : DelegatingAIFunction
{
    private readonly IToolCallAuthorizer _authorizer;
    private readonly GuardSettings _settings;
    private readonly PublishedSchema? _schema;
    private readonly GuardedFunction? _other;

    /// <param name="inner">What runs.</param>
    /// <param name="authorizer">Who is asked.</param>
    /// <param name="settings">How.</param>
    /// <exception cref="ArgumentException">The schema that the function publishes is to be enforced, and can't be.</exception>
    public GuardedFunction(AIFunction inner, IToolCallAuthorizer authorizer, GuardSettings settings)
        : base(inner)
    {
        _authorizer = authorizer;
        _settings = settings;
        _other = inner.GetService<GuardedFunction>();
        _schema = settings.EnforcesSchema ? PublishedSchema.Of(inner) : null;
    }

    /// <summary>How a function asks an authorizer already, in whatever it is wrapped; null where it doesn't.</summary>
    public static GuardSettings? SettingsFor(AIFunction function, IToolCallAuthorizer authorizer)
    {
        for (AIFunction? at = function; at?.GetService<GuardedFunction>() is { } guarded; at = guarded.InnerFunction)
        {
            if (ReferenceEquals(guarded._authorizer, authorizer))
            {
                return guarded._settings;
            }
        }

        return null;
    }

    /// <summary>
    /// Has a person asked about a call that doesn't run yet, where the policy wants one asked. Such a call spends nothing.
    /// </summary>
    /// <returns>The approval that the call waits for; null where nobody has to be asked, as it would run or be denied.</returns>
    public async ValueTask<string?> FindApprovalAsync(
        IDictionary<string, object?>? arguments, IServiceProvider? services, CancellationToken cancellationToken)
    {
        AIFunctionArguments judged = new(JudgedArguments.Copy(arguments ?? new Dictionary<string, object?>())) { Services = services };
        ToolCall call = _settings.Describe(Name, judged);
        if (_schema is not null && await _schema.JudgeAsync(call, cancellationToken).ConfigureAwait(false) is not null)
        {
            return null;
        }

        ToolCallExplanation said = await _authorizer.ExplainAsync(call, cancellationToken).ConfigureAwait(false);
        if (said.Outcome != DecisionOutcome.ApprovalRequired)
        {
            return null;
        }

        ToolCallDecision decision = await _authorizer.AuthorizeAsync(call, cancellationToken).ConfigureAwait(false);
        if (decision.IsAllowed)
        {
            // Somebody approved it just now.
            await _authorizer.CompleteAsync(decision, ToolCallOutcome.NotExecuted, CancellationToken.None).ConfigureAwait(false);
        }

        return decision.ApprovalWouldHelp ? decision.ApprovalId : null;
    }

    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        InnerRun? outer = InnerRun.WantedOf(this);
        AIFunctionArguments judged = JudgedArguments.Copy(arguments);
        ToolCall call = _settings.Describe(Name, judged);
        if (_schema is not null && await _schema.JudgeAsync(call, cancellationToken).ConfigureAwait(false) is { } invalid)
        {
            return Deny(invalid, outer);
        }

        ToolCallDecision decision = await _authorizer.AuthorizeAsync(call, cancellationToken).ConfigureAwait(false);
        return ToolCallDenial.Of(decision) is { } denial
            ? Deny(denial, outer)
            : await RunAsync(judged, decision, outer, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<object?> RunAsync(
        AIFunctionArguments judged, ToolCallDecision decision, InnerRun? outer, CancellationToken cancellationToken)
    {
        // Once the function has begun nobody knows from here whether it did something.
        var outcome = ToolCallOutcome.NotExecuted;
        InnerRun? inner = InnerRun.Begin(_other);
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            outcome = ToolCallOutcome.Failed;
            object? result = await base.InvokeCoreAsync(judged, cancellationToken).ConfigureAwait(false);
            outcome = _settings.OutcomeOf(result);
            return result;
        }
        finally
        {
            outcome = inner is { NeverRan: true } ? ToolCallOutcome.NotExecuted : outcome;
            outer?.Tell(outcome);
            await _authorizer.CompleteAsync(decision, outcome, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private string Deny(ToolCallDenial denial, InnerRun? outer)
    {
        outer?.Tell(ToolCallOutcome.NotExecuted);
        return _settings.ThrowsDenials ? throw new ToolCallDeniedException(denial) : denial.Message;
    }
}
