using PolicyLayer.Proxy.Guarding;

namespace PolicyLayer.Proxy.Http;

/// <summary>Who sends a request.</summary>
/// <param name="GrantId">By its token, or by the options.</param>
/// <param name="HasSessionHeader">Whether a gateway says which session it is.</param>
/// <param name="GatewaySession">Which; null for none.</param>
/// <param name="TokenSha256">Of the token that it brought; null where none is asked for.</param>
internal sealed record Identity(string GrantId, bool HasSessionHeader, string? GatewaySession, string? TokenSha256)
{
    /// <summary>As who the policy knows it.</summary>
    /// <param name="sessionId">The protocol's session, which is bound to it; null for none.</param>
    public Caller CallerIn(string? sessionId) => new(
        GrantId,
        $"{GrantId.Length}:{GrantId}{sessionId?.Length ?? 0}:{sessionId}{GatewaySession}",
        HasSessionHeader ? GatewaySession : sessionId,
        HasSessionHeader ? SessionSource.Header : SessionSource.McpSession);
}
