using System.Buffers.Text;
using System.Runtime.CompilerServices;
using PolicyLayer.Json.Clr;
using PolicyLayer.Json.Scanning;

namespace PolicyLayer.DecisionTree.Reading;

/// <summary>Writes what the engine itself says of a call, its tool and its time, for rules to read as they read all else.</summary>
internal static class MomentReader
{
    private const int MaxDigits = 10;

    /// <summary>The root <c>call</c>. Returns what stands against the call, or <see cref="DecisionCode.Allowed"/>.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static DecisionCode ReadCall(string toolName, CallScratch scratch)
    {
        Utf8Buffer text = scratch.CallText;
        text.Clear();
        text.Limit = scratch.Work.Left;
        bool isWritten = text.TryAppend("{\"tool\":"u8) && ClrScalarWriter.TryWriteString(text, toolName) && text.TryAppend("}"u8);
        return JsonScanner.Scan(CallReader.Spend(text, scratch.Work), 1, scratch.Call) == JsonFault.None && isWritten
                ? DecisionCode.Allowed
                : DecisionCode.ArgumentsMalformed;
    }

    /// <summary>The root <c>time</c>, in a time zone.</summary>
    /// <param name="unixMilliseconds">The time; null when there is none, as the host's clock failed.</param>
    /// <param name="zone">The policy's time zone.</param>
    /// <param name="scratch">What it is read to.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static DecisionCode ReadTime(long? unixMilliseconds, TimeZoneInfo zone, CallScratch scratch)
    {
        if (unixMilliseconds is not { } now)
        {
            return DecisionCode.InternalError;
        }

        DateTime local = TimeZoneInfo.ConvertTimeFromUtc(DateTimeOffset.FromUnixTimeMilliseconds(now).UtcDateTime, zone);
        Utf8Buffer text = scratch.TimeText;
        text.Clear();
        text.Limit = scratch.Work.Left;
        bool isWritten = TryWrite(text, local);
        return JsonScanner.Scan(CallReader.Spend(text, scratch.Work), 1, scratch.Time) == JsonFault.None && isWritten
                ? DecisionCode.Allowed
                : DecisionCode.InternalError;
    }

    private static bool TryWrite(Utf8Buffer text, DateTime local) =>
        TryWrite(text, "{\"hour\":"u8, local.Hour)
        && TryWrite(text, ",\"minute_of_day\":"u8, (local.Hour * 60) + local.Minute)
        && TryWrite(text, ",\"weekday\":"u8, local.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)local.DayOfWeek)
        && TryWrite(text, ",\"day\":"u8, local.Day)
        && TryWrite(text, ",\"month\":"u8, local.Month)
        && TryWrite(text, ",\"year\":"u8, local.Year)
        && text.TryAppend("}"u8);

    private static bool TryWrite(Utf8Buffer text, ReadOnlySpan<byte> name, int value)
    {
        if (!text.TryAppend(name)
            || !text.TryReserve(1, MaxDigits, out Span<byte> free)
            || !Utf8Formatter.TryFormat(value, free, out int written))
        {
            return false;
        }

        text.Advance(written);
        return true;
    }
}
