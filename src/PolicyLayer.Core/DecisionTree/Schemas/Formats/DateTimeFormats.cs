namespace PolicyLayer.DecisionTree.Schemas.Formats;

/// <summary>
/// <c>date-time</c>, <c>date</c> and <c>time</c>: RFC 3339 section 5.6. A leap second is one at 23:59:60 in UTC, in a date-time at the end
/// of a month of UTC, as section 5.7 says.
/// </summary>
internal static class DateTimeFormats
{
    private const int MinutesPerDay = 24 * 60;
    private const int LastMinute = MinutesPerDay - 1;
    private const int DateLength = 10;

    public static bool IsDate(ReadOnlySpan<byte> text) => text.Length == DateLength && TryReadDate(text, out _, out _, out _);

    public static bool IsTime(ReadOnlySpan<byte> text) =>
        TryReadTime(text, out int utcMinute, out bool isLeapSecond) && (!isLeapSecond || Modulo(utcMinute) == LastMinute);

    public static bool IsDateTime(ReadOnlySpan<byte> text)
    {
        if (text.Length <= DateLength
            || text[DateLength] is not ((byte)'T' or (byte)'t')
            || !TryReadDate(text[..DateLength], out int year, out int month, out int day)
            || !TryReadTime(text[(DateLength + 1)..], out int utcMinute, out bool isLeapSecond))
        {
            return false;
        }

        if (!isLeapSecond)
        {
            return true;
        }

        // In UTC it is the day before, the same day, or the day after.
        return utcMinute switch
        {
            LastMinute - MinutesPerDay => day == 1,
            LastMinute => day == DaysIn(year, month),
            LastMinute + MinutesPerDay => day == DaysIn(year, month) - 1,
            _ => false,
        };
    }

    private static bool TryReadDate(ReadOnlySpan<byte> text, out int year, out int month, out int day)
    {
        year = ReadDigits(text, 0, 4);
        month = ReadDigits(text, 5, 2);
        day = ReadDigits(text, 8, 2);
        return year >= 0 && text[4] == '-' && text[7] == '-' && month is >= 1 and <= 12 && day >= 1 && day <= DaysIn(year, month);
    }

    /// <summary>
    /// Reads a time with its offset. The minute in UTC counts from the local day's start, so it may lie outside that day.
    /// </summary>
    private static bool TryReadTime(ReadOnlySpan<byte> text, out int utcMinute, out bool isLeapSecond)
    {
        utcMinute = 0;
        isLeapSecond = false;
        if (text.Length < 9 || text[2] != ':' || text[5] != ':')
        {
            return false;
        }

        int hour = ReadDigits(text, 0, 2);
        int minute = ReadDigits(text, 3, 2);
        int second = ReadDigits(text, 6, 2);
        if (hour is < 0 or > 23 || minute is < 0 or > 59 || second is < 0 or > 60)
        {
            return false;
        }

        ReadOnlySpan<byte> rest = text[8..];
        if (rest[0] == '.')
        {
            int fraction = CountDigits(rest[1..]);
            if (fraction == 0)
            {
                return false;
            }

            rest = rest[(fraction + 1)..];
        }

        isLeapSecond = second == 60;
        utcMinute = (hour * 60) + minute;
        return TryReadOffset(rest, ref utcMinute);
    }

    private static bool TryReadOffset(ReadOnlySpan<byte> text, ref int utcMinute)
    {
        if (text.Length == 1)
        {
            return text[0] is (byte)'Z' or (byte)'z';
        }

        if (text.Length != 6 || text[0] is not ((byte)'+' or (byte)'-') || text[3] != ':')
        {
            return false;
        }

        int hour = ReadDigits(text, 1, 2);
        int minute = ReadDigits(text, 4, 2);
        int offset = (hour * 60) + minute;
        utcMinute += text[0] == '+' ? -offset : offset;
        return hour is >= 0 and <= 23 && minute is >= 0 and <= 59;
    }

    private static int DaysIn(int year, int month) => month switch
    {
        2 => year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28,
        4 or 6 or 9 or 11 => 30,
        _ => 31,
    };

    private static int Modulo(int minute) => (minute + MinutesPerDay) % MinutesPerDay;

    private static int CountDigits(ReadOnlySpan<byte> text)
    {
        int end = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return end < 0 ? text.Length : end;
    }

    /// <summary>The number that so many digits write; negative when they aren't all digits.</summary>
    private static int ReadDigits(ReadOnlySpan<byte> text, int start, int count)
    {
        int value = 0;
        foreach (byte b in text.Slice(start, count))
        {
            if (!char.IsAsciiDigit((char)b))
            {
                return int.MinValue;
            }

            value = (value * 10) + (b - '0');
        }

        return value;
    }
}
