namespace PolicyLayer.Proxy.Guarding;

/// <summary>Who calls, by what the transport has authenticated: never by what a message says.</summary>
/// <param name="GrantId">Whose grant; null for the authorizer's default.</param>
/// <param name="Principal">Who may come back to a call: no two callers that can be told apart have the same.</param>
/// <param name="SessionId">The session; null for none.</param>
/// <param name="SessionSource">Where it is from.</param>
internal sealed record Caller(string? GrantId, string Principal, string? SessionId, SessionSource SessionSource)
{
    /// <summary>A call of this caller's.</summary>
    public ToolCall Call(string tool, ToolArguments arguments)
    {
        var call = new ToolCall(tool, arguments) { SessionId = SessionId, SessionSource = SessionSource };
        return GrantId is null ? call : call with { GrantId = GrantId };
    }
}
