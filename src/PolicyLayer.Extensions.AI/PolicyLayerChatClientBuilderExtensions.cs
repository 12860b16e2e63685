using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PolicyLayer;
using PolicyLayer.Extensions.AI;

namespace Microsoft.Extensions.AI;

/// <summary>Has a chat client's functions judged by PolicyLayer before they run.</summary>
public static class PolicyLayerChatClientBuilderExtensions
{
    /// <summary>
    /// Guards all functions that the <see cref="FunctionInvokingChatClient"/> behind may run: those of each request's
    /// <see cref="ChatOptions.Tools"/>, in a copy of its options and without the tools that the policy hides, the client's
    /// <see cref="FunctionInvokingChatClient.AdditionalTools"/>, and those that come into a request while it runs.
    /// </summary>
    /// <remarks>
    /// It comes before <c>UseFunctionInvocation</c>: <c>builder.UsePolicyLayer().UseFunctionInvocation()</c>. The client behind gets a
    /// <see cref="FunctionInvokingChatClient.FunctionInvoker"/>, which calls the one that it had: set one before, not after.
    /// <para>
    /// No other <see cref="FunctionInvokingChatClient"/> may stand behind: building refuses that. None may stand in front either, which
    /// can't be seen from here: it would take answers to requests for approval before they come by, and has functions that nobody guards.
    /// A call of a tool that is hidden, or runs behind, may come back without a result: it is answered as denied, so that nobody in front
    /// runs it.
    /// </para>
    /// </remarks>
    /// <param name="builder">The builder.</param>
    /// <param name="authorizer">Who is asked; null for the container's.</param>
    /// <param name="configure">Sets how; null for the defaults.</param>
    /// <returns>
    /// The builder. Building throws <see cref="InvalidOperationException"/> where nothing behind runs functions, or more than one client
    /// does.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static ChatClientBuilder UsePolicyLayer(
        this ChatClientBuilder builder, IToolCallAuthorizer? authorizer = null, Action<FunctionGuardOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Use((inner, services) =>
        {
            var options = new FunctionGuardOptions { LoggerFactory = services.GetService<ILoggerFactory>() };
            configure?.Invoke(options);
            var guard = new ToolGuard(authorizer ?? services.GetRequiredService<IToolCallAuthorizer>(), options);
            return new PolicyLayerChatClient(inner, guard, services);
        });
    }
}
