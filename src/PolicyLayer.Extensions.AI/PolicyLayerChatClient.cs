using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace PolicyLayer.Extensions.AI;

/// <summary>
/// Stands before a <see cref="FunctionInvokingChatClient"/> and guards all functions that it may run: those of each request, its additional
/// ones, and whatever comes into a request while it runs.
/// </summary>
internal sealed class PolicyLayerChatClient : DelegatingChatClient
{
    private readonly FunctionInvokingChatClient _invoking;
    private readonly ToolGuard _guard;
    private readonly IServiceProvider? _services;

    /// <param name="inner">The pipeline behind.</param>
    /// <param name="guard">Guards functions.</param>
    /// <param name="services">What functions are given; null for nothing.</param>
    /// <exception cref="InvalidOperationException">Nothing behind runs functions.</exception>
    /// <exception cref="ArgumentException">An additional tool is refused.</exception>
    public PolicyLayerChatClient(IChatClient inner, ToolGuard guard, IServiceProvider? services)
        : base(inner)
    {
        _guard = guard;
        _services = services;
        _invoking = inner.GetService<FunctionInvokingChatClient>() ?? throw new InvalidOperationException(
            "No function would be guarded: nothing behind `UsePolicyLayer` runs functions. Help: call `UseFunctionInvocation` after it.");
        _invoking.AdditionalTools = _invoking.AdditionalTools is { } tools ? [.. tools.Select(guard.Guard)] : null;
        GuardLateFunctions(_invoking, guard);
    }

    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ChatOptions? guarded = await GuardAsync(options, cancellationToken).ConfigureAwait(false);
        return await base.GetResponseAsync(messages, guarded, cancellationToken).ConfigureAwait(false);
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ChatOptions? guarded = await GuardAsync(options, cancellationToken).ConfigureAwait(false);
        IAsyncEnumerable<ChatResponseUpdate> updates = base.GetStreamingResponseAsync(messages, guarded, cancellationToken);
        await foreach (ChatResponseUpdate update in updates.ConfigureAwait(false))
        {
            yield return update;
        }
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

    /// <summary>A copy of a request's options with its functions guarded, and without those that the policy hides.</summary>
    private async ValueTask<ChatOptions?> GuardAsync(ChatOptions? options, CancellationToken cancellationToken)
    {
        if (options?.Tools is not { Count: > 0 } tools)
        {
            return options;
        }

        string? grantId = _guard.Settings.GrantOf(_services);
        var shown = new List<AITool>(tools.Count);
        foreach (AITool tool in tools)
        {
            AITool guarded = _guard.Guard(tool);
            if (guarded is not AIFunction function
                || await _guard.Authorizer.DescribeAsync(function.Name, grantId, cancellationToken).ConfigureAwait(false)
                    != ToolAvailability.Hidden)
            {
                shown.Add(guarded);
            }
        }

        ChatOptions copy = options.Clone();
        copy.Tools = shown;
        return copy;
    }
}
