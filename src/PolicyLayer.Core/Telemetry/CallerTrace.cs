using System.Diagnostics;

namespace PolicyLayer.Telemetry;

/// <summary>The trace that a call belongs to: the one that its caller names, else the one in which the host asks.</summary>
internal static class CallerTrace
{
    /// <summary>So much of a trace state everybody has to pass on; a longer one is passed over.</summary>
    private const int MaxStateLength = 512;

    /// <summary>How long one of version 00 is: <c>00-</c>, 32 digits, a hyphen, 16, a hyphen, 2.</summary>
    private const int ParentLength = 55;

    /// <summary>Reads what the caller names; false for nothing, and for what isn't well formed.</summary>
    public static bool TryRead(in ToolCall call, out ActivityContext caller)
    {
        caller = default;
        return call.TraceParent is { } parent
            && IsSeparated(parent)
            && ActivityContext.TryParse(parent, StateOf(call), isRemote: true, out caller);
    }

    /// <summary>The trace's id in lower-case hexadecimal; null for no trace.</summary>
    public static string? IdOf(in ToolCall call)
    {
        if (TryRead(call, out ActivityContext caller))
        {
            return caller.TraceId.ToHexString();
        }

        return Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity ? activity.TraceId.ToHexString() : null;
    }

    // The framework looks at the digits alone.
    private static bool IsSeparated(string parent) =>
        parent.Length >= ParentLength && parent[2] == '-' && parent[35] == '-' && parent[52] == '-';

    // It goes on to whoever is asked in this trace, in headers: nothing but printable ASCII may.
    private static string? StateOf(in ToolCall call) =>
        call.TraceState is { Length: <= MaxStateLength } state && !state.AsSpan().ContainsAnyExceptInRange(' ', '~') ? state : null;
}
