using ModelContextProtocol.Server;

namespace PolicyLayer.ModelContextProtocol;

/// <summary>How a server's tools are guarded. Set before the server starts, and not thread-safe.</summary>
/// <remarks>
/// Who calls, and in which session, is what the transport has authenticated or the host knows. Nothing here reads the arguments or the
/// <c>_meta</c> of a request, which are the agent's own words; but for <c>traceparent</c> and <c>tracestate</c> of <c>_meta</c>, which the
/// call's span and records belong to and which change no decision.
/// </remarks>
public sealed class PolicyLayerMcpOptions
{
    /// <summary>The key under which the container has the authorizer; null, the default, for the one without a key.</summary>
    public string? Name { get; set; }

    /// <summary>What approvals and records call this server; null, the default, for no name. It changes no decision.</summary>
    public string? Server { get; set; }

    /// <summary>
    /// The type of the claim that says whose grant a call uses; null, the default, for none. A caller whose authenticated identities don't
    /// have it, or have several values of it, is denied with <c>grant_unknown</c>.
    /// </summary>
    public string? GrantClaim { get; set; }

    /// <summary>
    /// Says whose grant a call uses, in place of <see cref="GrantClaim"/>; null, the default, for none. A call for which it returns null or
    /// an empty text is denied with <c>grant_unknown</c>. It is called by many threads at once, and must not read what the agent sends.
    /// </summary>
    /// <remarks>
    /// Without this and <see cref="GrantClaim"/> all calls belong to <see cref="ToolCallAuthorizerOptions.DefaultGrantId"/>, as fits a
    /// server of one user.
    /// </remarks>
    public Func<MessageContext, string?>? Grant { get; set; }

    /// <summary>
    /// The type of the claim that is the session's id; null, the default, for none. A caller who doesn't have it, or has several values of
    /// it, has no session.
    /// </summary>
    public string? SessionClaim { get; set; }

    /// <summary>
    /// Says a call's session, such as a trusted gateway's header, in place of <see cref="SessionClaim"/>; null, the default, for none.
    /// Where it returns null or an empty text, the call has no session. It is called by many threads at once, and must not read what the
    /// agent sends.
    /// </summary>
    /// <remarks>
    /// Without this and <see cref="SessionClaim"/> a call's session is the transport's, where it has one (revisions before 2026-07-28), and
    /// the process over standard input and output. Stateless calls have none, and limits of a session deny them.
    /// </remarks>
    public Func<MessageContext, string?>? Session { get; set; }

    /// <summary>Where <see cref="Session"/> takes it from, as records say it: <see cref="SessionSource.Host"/> by default.</summary>
    public SessionSource SessionSource { get; set; }

    /// <summary>
    /// Gives the facts that rules read as <c>context</c>, one JSON object; null, the default, for none. It is called by many threads at
    /// once, and must not copy what the agent sends.
    /// </summary>
    public Func<MessageContext, ToolArguments>? Context { get; set; }

    /// <summary>
    /// Whether lists of tools leave out, besides the hidden ones, all that the caller can never call; false by default.
    /// </summary>
    public bool HidesUncallable { get; set; }

    /// <summary>
    /// The longest that a client may keep a list of tools before it asks anew, where the protocol's revision says so (2026-07-28): 1 minute
    /// by default, from zero to 1 day. Less that the server itself says stays.
    /// </summary>
    public TimeSpan MaxToolListAge { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long a client may take to come back to a tool that asked for input: 10 minutes by default, from 1 second to 1 day. After that
    /// the call is one of its own, and the tool asks anew.
    /// </summary>
    public TimeSpan InputWithin { get; set; } = TimeSpan.FromMinutes(10);
}
