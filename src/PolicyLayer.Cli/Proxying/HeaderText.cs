using System.Collections.Frozen;

namespace PolicyLayer.Cli.Proxying;

/// <summary>Headers of HTTP that a person names.</summary>
internal static class HeaderText
{
    // What the proxy sets by what it sends, and what would end the request elsewhere.
    private static readonly FrozenSet<string> Own = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "Accept", "Connection", "Content-Encoding", "Content-Length", "Content-Type", "Expect", "Host", "Keep-Alive", "Last-Event-ID",
        "Origin", "TE", "Trailer", "Transfer-Encoding", "Upgrade");

    /// <summary>Whether a text is the name of a header.</summary>
    public static bool IsName(string text) => text.Length > 0 && text.All(IsOfToken);

    /// <summary>Whether what goes to a server may have a value of the person's for a header.</summary>
    public static bool MayBeSet(string name) => !Own.Contains(name) && !name.StartsWith("Mcp-", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a text can be the value of a header as it stands.</summary>
    public static bool IsValue(string text) =>
        text.Length > 0 && text.All(c => c is '\t' or (>= ' ' and <= '~')) && text.Trim().Length == text.Length;

    /// <summary>The name of a header and that of a variable, as in <c>NAME=ENV_VARIABLE</c>; null where the text is no such pair.</summary>
    public static KeyValuePair<string, string>? ParsePair(string text) =>
        text.Split('=') is [var name, { Length: > 0 } variable]
        && IsName(name)
        && variable.All(c => c == '_' || char.IsAsciiLetterOrDigit(c))
            ? KeyValuePair.Create(name, variable)
            : null;

    // RFC 9110: token.
    private static bool IsOfToken(char c) => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal);
}
