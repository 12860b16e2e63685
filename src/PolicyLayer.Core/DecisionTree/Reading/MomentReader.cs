using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Unicode;
using PolicyLayer.Json.Clr;
using PolicyLayer.Json.Scanning;

namespace PolicyLayer.DecisionTree.Reading;

/// <summary>Writes what the engine itself says of a call, its tool and its time, for rules to read as they read all else.</summary>
internal static class MomentReader
{
    private const int MaxTimeBytes = 128;

    /// <summary>The root <c>call</c>. Returns what stands against the call, or <see cref="DecisionCode.Allowed"/>.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static DecisionCode ReadCall(string toolName, CallScratch scratch)
    {
        Utf8Buffer text = scratch.CallText;
        text.Clear();
        text.Enough = scratch.Work.Left;
        bool isWritten = text.TryAppend("{\"tool\":"u8) && ClrScalarWriter.TryWriteString(text, toolName) && text.TryAppend("}"u8);
        return scratch.Work.TrySpend(text.Written.Length) && isWritten
            && JsonScanner.Scan(text.Written, 1, scratch.Call) == JsonFault.None
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
        text.Enough = MaxTimeBytes;
        return text.TryReserve(MaxTimeBytes, out Span<byte> free)
            && TryWrite(local, free, out int written)
            && Advance(text, written)
            && scratch.Work.TrySpend(written)
            && JsonScanner.Scan(text.Written, 1, scratch.Time) == JsonFault.None
                ? DecisionCode.Allowed
                : DecisionCode.InternalError;
    }

    private static bool TryWrite(DateTime local, Span<byte> free, out int written)
    {
        int minuteOfDay = (local.Hour * 60) + local.Minute;
        int weekday = local.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)local.DayOfWeek;
        return Utf8.TryWrite(
            free,
            CultureInfo.InvariantCulture,
            $"{{\"hour\":{local.Hour},\"minute_of_day\":{minuteOfDay},\"weekday\":{weekday},\"day\":{local.Day},\"month\":{local.Month},\"year\":{local.Year}}}",
            out written);
    }

    private static bool Advance(Utf8Buffer text, int written)
    {
        text.Advance(written);
        return true;
    }
}
