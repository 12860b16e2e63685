using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Microsoft.Extensions.AI;

namespace PolicyLayer.Extensions.AI;

/// <summary>
/// Stands before a <see cref="FunctionInvokingChatClient"/> and guards all functions that it may run: those of each request, its additional
/// ones, and whatever comes into a request while it runs. Answers to requests for approval come by here too.
/// </summary>
internal sealed class PolicyLayerChatClient : DelegatingChatClient
{
    private readonly FunctionInvokingChatClient _invoking;
    private readonly ToolGuard _guard;
    private readonly IServiceProvider? _services;
    private readonly ApprovalRequests _requests;
    private readonly ApprovalAnswers _answers;

    /// <param name="inner">The pipeline behind.</param>
    /// <param name="guard">Guards functions.</param>
    /// <param name="services">What functions are given; null for nothing.</param>
    /// <exception cref="InvalidOperationException">Nothing behind runs functions, or more than one client.</exception>
    /// <exception cref="ArgumentException">An additional tool is refused.</exception>
    public PolicyLayerChatClient(IChatClient inner, ToolGuard guard, IServiceProvider? services)
        : base(inner)
    {
        _guard = guard;
        _services = services;
        RequestedCalls requested = guard.Approvals?.Requested ?? new RequestedCalls(ChatApprovals.MaxWaiting);
        _requests = new ApprovalRequests(requested, guard.Settings, services);
        _answers = new ApprovalAnswers(requested, guard.Approvals, () => guard.Settings.ChatOf(services), guard.Logger);
        _invoking = FunctionLoop.Behind(inner);
        _invoking.AdditionalTools = _invoking.AdditionalTools is { } tools ? [.. tools.Select(GuardAdditional)] : null;
        GuardLateFunctions(_invoking, guard);
    }

    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var hidden = new HashSet<string>(StringComparer.Ordinal);
        ChatOptions? guarded = await GuardAsync(options, hidden, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<ChatMessage> asked = await _answers.SettleAsync(messages, cancellationToken).ConfigureAwait(false);
        var rounds = new ConfirmedRounds(asked, guarded, _invoking.MaximumIterationsPerRequest);
        while (true)
        {
            ChatResponse response = await base.GetResponseAsync(rounds.Messages, rounds.Options, cancellationToken).ConfigureAwait(false);
            List<RequestedCall> taken = [];
            foreach (ChatMessage message in response.Messages)
            {
                message.Contents = await TakeDownAsync(message.Contents, rounds.Options, taken, cancellationToken).ConfigureAwait(false);
            }

            if (!rounds.GoesOnAfter(taken))
            {
                ChatResponse joined = rounds.Join(response);
                UnansweredCalls unanswered = CallsOf(rounds, hidden);
                unanswered.See(joined.Messages.SelectMany(message => message.Contents));
                if (unanswered.Deny() is { Count: > 0 } denials)
                {
                    joined.Messages.Add(new ChatMessage(ChatRole.Tool, denials));
                }

                return joined;
            }

            rounds.Next(response, _requests.Confirm(taken));
        }
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var hidden = new HashSet<string>(StringComparer.Ordinal);
        ChatOptions? guarded = await GuardAsync(options, hidden, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<ChatMessage> asked = await _answers.SettleAsync(messages, cancellationToken).ConfigureAwait(false);
        var rounds = new ConfirmedRounds(asked, guarded, _invoking.MaximumIterationsPerRequest);
        UnansweredCalls unanswered = CallsOf(rounds, hidden);
        while (true)
        {
            List<ChatResponseUpdate> all = [];
            List<ChatResponseUpdate> held = [];
            List<RequestedCall> taken = [];
            IAsyncEnumerable<ChatResponseUpdate> updates =
                base.GetStreamingResponseAsync(rounds.Messages, rounds.Options, cancellationToken);
            await foreach (ChatResponseUpdate update in updates.ConfigureAwait(false))
            {
                int before = taken.Count;
                update.Contents = await TakeDownAsync(update.Contents, rounds.Options, taken, cancellationToken).ConfigureAwait(false);
                all.Add(update);
                unanswered.See(update.Contents);
                if (taken.Count == before)
                {
                    yield return update;
                }
                else
                {
                    held.Add(update);
                }
            }

            bool goesOn = rounds.GoesOnAfter(taken);
            foreach (ChatResponseUpdate update in goesOn ? WithoutRequests(held) : Last(held, unanswered))
            {
                yield return update;
            }

            if (!goesOn)
            {
                yield break;
            }

            rounds.Next(all.ToChatResponse(), _requests.Confirm(taken));
        }
    }

    /// <summary>What was held back of a round behind which another one follows.</summary>
    private static IEnumerable<ChatResponseUpdate> WithoutRequests(List<ChatResponseUpdate> held) =>
        held.Select(ConfirmedRounds.WithoutRequests).Where(update => update.Contents.Count > 0);

    /// <summary>What was held back of the last round, and denials of what goes out without a result.</summary>
    private static IEnumerable<ChatResponseUpdate> Last(List<ChatResponseUpdate> held, UnansweredCalls unanswered)
    {
        IList<AIContent> denials = unanswered.Deny();
        string id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        return [.. held, .. denials.Count > 0 ? (ChatResponseUpdate[])[new(ChatRole.Tool, denials) { MessageId = id }] : []];
    }

    /// <summary>What a function brings into a running request comes to nobody's list before it is invoked.</summary>
    private static void GuardLateFunctions(FunctionInvokingChatClient invoking, ToolGuard guard)
    {
        Func<FunctionInvocationContext, CancellationToken, ValueTask<object?>>? host = invoking.FunctionInvoker;
        invoking.FunctionInvoker = (context, cancellationToken) =>
        {
            context.Function = guard.Guard(context.Function);
            return host is null
                ? context.Function.InvokeAsync(context.Arguments, cancellationToken)
                : host(context, cancellationToken);
        };
    }

    /// <summary>
    /// The tool, guarded. Whose request it will be used in isn't known, so the framework always asks about it where people answer: whether
    /// the policy does is found out for each call.
    /// </summary>
    private AITool GuardAdditional(AITool tool)
    {
        AITool guarded = _guard.Guard(tool);
        return _guard.Approvals is not null && guarded is AIFunction function ? _guard.Asking(function) : guarded;
    }

    /// <summary>A copy of a request's options with its functions guarded, and without the tools that the policy hides.</summary>
    /// <param name="options">The options.</param>
    /// <param name="hidden">Gets the names of the tools that were taken out.</param>
    /// <param name="cancellationToken">Gives up.</param>
    private async ValueTask<ChatOptions?> GuardAsync(ChatOptions? options, HashSet<string> hidden, CancellationToken cancellationToken)
    {
        if (options?.Tools is not { Count: > 0 } tools)
        {
            return options;
        }

        string? grantId = _guard.Settings.GrantOf(_services);
        var shown = new List<AITool>(tools.Count);
        foreach (AITool tool in tools)
        {
            // A declaration too, and what runs elsewhere: the model isn't to know of it.
            if (tool is not null && await _guard.Authorizer.DescribeAsync(tool.Name, grantId, cancellationToken).ConfigureAwait(false)
                == ToolAvailability.Hidden)
            {
                hidden.Add(tool.Name);
                continue;
            }

            AITool guarded = _guard.Guard(tool!);
            if (guarded is not AIFunction function)
            {
                shown.Add(guarded);
            }
            else
            {
                bool asks = _guard.Approvals is not null
                    && await _guard.MayAskAsync(function.Name, grantId, cancellationToken).ConfigureAwait(false);
                shown.Add(asks ? _guard.Asking(function) : function);
            }
        }

        ChatOptions copy = options.Clone();
        copy.Tools = shown;
        return copy;
    }

    private ValueTask<IList<AIContent>> TakeDownAsync(
        IList<AIContent> contents, ChatOptions? options, List<RequestedCall> taken, CancellationToken cancellationToken)
    {
        return _requests.TakeDownAsync(contents, Find, taken, cancellationToken);

        (GuardedFunction? Function, bool IsConfirmed) Find(string name)
        {
            // A function that came in while the request ran isn't among them: then a person has to confirm. Of several of a name the
            // framework asks about all where it asks about one.
            List<AIFunction> functions = [.. FindFunctions(name, options)];
            bool isConfirmed = functions.Count == 0 || functions.Exists(_guard.IsConfirmed);
            return (functions.FirstOrDefault()?.GetService<GuardedFunction>(), isConfirmed);
        }
    }

    /// <summary>The calls of a request that go out, of which none may run in front that runs behind or is hidden.</summary>
    private UnansweredCalls CallsOf(ConfirmedRounds rounds, HashSet<string> hidden) =>
        new(name => hidden.Contains(name) || FindFunctions(name, rounds.Options).Any());

    private IEnumerable<AIFunction> FindFunctions(string name, ChatOptions? options)
    {
        IEnumerable<AITool> tools = [.. options?.Tools ?? [], .. _invoking.AdditionalTools ?? []];
        return tools.OfType<AIFunction>().Where(tool => tool.Name == name);
    }
}
