using System.Diagnostics;

namespace PolicyLayer.Telemetry;

/// <summary>The trace that a call belongs to: the one that its caller names, else the one in which the host asks.</summary>
internal static class CallerTrace
{
    /// <summary>So much of a trace state everybody has to pass on; a longer one is passed over.</summary>
    private const int MaxStateLength = 512;

    /// <summary>Reads what the caller names; false for nothing, and for what isn't well formed.</summary>
    public static bool TryRead(in ToolCall call, out ActivityContext caller)
    {
        if (call.TraceParent is { } parent)
        {
            return ActivityContext.TryParse(parent, StateOf(call), isRemote: true, out caller);
        }

        caller = default;
        return false;
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

    // It goes on to whoever is asked in this trace, in headers: nothing but printable ASCII may.
    private static string? StateOf(in ToolCall call) =>
        call.TraceState is { Length: <= MaxStateLength } state && !state.AsSpan().ContainsAnyExceptInRange(' ', '~') ? state : null;
}
