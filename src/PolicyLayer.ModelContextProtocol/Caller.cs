using System.Globalization;

namespace PolicyLayer.ModelContextProtocol;

/// <summary>Who calls, as the transport or the host knows it.</summary>
/// <param name="IsKnown">False where the host says who calls, and it couldn't be said of this one.</param>
/// <param name="GrantId">The grant; null for the authorizer's default.</param>
/// <param name="SessionId">The session; null for none.</param>
/// <param name="Source">Where the session comes from.</param>
internal readonly record struct Caller(bool IsKnown, string? GrantId, string? SessionId, SessionSource Source)
{
    /// <summary>What a sealed text is bound to: no two callers with another grant or session have the same.</summary>
    public string Principal => string.Create(CultureInfo.InvariantCulture, $"{GrantId?.Length ?? -1}:{GrantId}:{SessionId}");

    /// <summary>A call of theirs.</summary>
    /// <param name="tool">The tool's name.</param>
    /// <param name="arguments">The arguments.</param>
    public ToolCall Call(string tool, ToolArguments arguments)
    {
        var call = new ToolCall(tool, arguments) { SessionId = SessionId, SessionSource = Source };
        return GrantId is null ? call : call with { GrantId = GrantId };
    }
}
