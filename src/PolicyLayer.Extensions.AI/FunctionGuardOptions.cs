using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace PolicyLayer.Extensions.AI;

/// <summary>How guarded functions ask. Read once, when a function, a list or a chat client is guarded. Not thread-safe.</summary>
/// <remarks>
/// What is said of the caller comes from the host, as a constant or from a function of the invocation, of which one may be set. Such a
/// function is given the invocation's <see cref="AIFunctionArguments.Services"/> and <see cref="AIFunctionArguments.Context"/> alone: no
/// arguments, as the agent writes those. What it throws keeps the function from running.
/// </remarks>
public sealed class FunctionGuardOptions
{
    /// <summary>Whose quota calls use; null, the default, for the authorizer's default grant. Not empty.</summary>
    public string? GrantId { get; set; }

    /// <summary>The same, of each invocation; null where <see cref="GrantId"/> says it. It may return null for none.</summary>
    public Func<AIFunctionArguments, string?>? GrantIdFrom { get; set; }

    /// <summary>The agent's session; null, the default, for none.</summary>
    public string? SessionId { get; set; }

    /// <summary>The same, of each invocation; null where <see cref="SessionId"/> says it. It may return null for none.</summary>
    public Func<AIFunctionArguments, string?>? SessionIdFrom { get; set; }

    /// <summary>Where the session comes from, if there is one: <see cref="SessionSource.Host"/> by default.</summary>
    public SessionSource SessionSource { get; set; }

    /// <summary>
    /// The server that has the functions, by the name that the host gives it; null, the default, for a host of one server.
    /// </summary>
    public string? Server { get; set; }

    /// <summary>The same, of each invocation; null where <see cref="Server"/> says it. It may return null for none.</summary>
    public Func<AIFunctionArguments, string?>? ServerFrom { get; set; }

    /// <summary>Facts of the host's own, which rules read as <c>context</c>: never what the agent sends. None by default.</summary>
    public ToolArguments Facts { get; set; }

    /// <summary>The same, of each invocation; null where <see cref="Facts"/> says them.</summary>
    public Func<AIFunctionArguments, ToolArguments>? FactsFrom { get; set; }

    /// <summary>
    /// Whether a denial is thrown, as <see cref="ToolCallDeniedException"/>. False by default: it is the function's result, as text, so
    /// that the model reads why. <see cref="FunctionInvokingChatClient"/> ends its loop after a few errors in a row, and keeps their text
    /// to itself.
    /// </summary>
    public bool ThrowsDenials { get; set; }

    /// <summary>
    /// Whether a result says that the function failed: orders of the policy (<c>after</c>) then see no success. Null, the default, where
    /// every function that fails throws. What it throws counts as a failure.
    /// </summary>
    public Func<object?, bool>? IsFailure { get; set; }

    /// <summary>
    /// Whether a call must meet the schema that its function publishes (<see cref="AIFunctionDeclaration.JsonSchema"/>), which is judged
    /// before the policy. False by default. A function whose schema can't be enforced whole is refused when it is guarded.
    /// </summary>
    public bool EnforceSchema { get; set; }

    /// <summary>
    /// Whether a list of tools is refused that has one which runs elsewhere, where nobody asks, such as a hosted code interpreter. False by
    /// default: it stays in the list, and a warning is logged.
    /// </summary>
    public bool RefusesUnguardedTools { get; set; }

    /// <summary>
    /// Lets people approve calls where they chat; null, the default, for no such way: a call that needs approval is answered as any denial,
    /// and people answer where the host lets them. Only <c>UsePolicyLayer</c> has this way.
    /// </summary>
    public ChatApprovals? Approvals { get; set; }

    /// <summary>Where warnings go; null, the default, for nowhere, or with <c>UsePolicyLayer</c> for the container's.</summary>
    public ILoggerFactory? LoggerFactory { get; set; }
}
