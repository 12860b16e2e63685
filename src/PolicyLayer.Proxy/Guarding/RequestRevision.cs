using PolicyLayer.Json.Values;
using PolicyLayer.Proxy.Messages;

namespace PolicyLayer.Proxy.Guarding;

/// <summary>Which revision of the protocol a request is of, as far as it matters here.</summary>
internal static class RequestRevision
{
    /// <summary>
    /// The first revision without sessions: each request says its own, results say which kind they are, and lists may be kept.
    /// </summary>
    private const string FirstStateless = "2026-07-28";

    /// <summary>Whether a request is of that revision or a later one.</summary>
    public static bool IsStateless(JsonRpcMessage request) => IsStateless(Of(request));

    /// <summary>Whether a revision is that one or a later one.</summary>
    public static bool IsStateless(string? revision) => revision is not null && string.CompareOrdinal(revision, FirstStateless) >= 0;

    /// <summary>What a request says of itself; null where it says nothing.</summary>
    public static string? Of(JsonRpcMessage request) =>
        Members.Find(request.Body, "_meta"u8, out JsonValue meta)
            ? Members.FindText(meta, "io.modelcontextprotocol/protocolVersion"u8)
            : null;
}
