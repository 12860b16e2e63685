namespace PolicyLayer.DecisionTree.Schemas.Formats;

/// <summary>
/// <c>duration</c>: RFC 3339 appendix A. Units come in order, without gaps between the first and the last; weeks stand alone.
/// </summary>
internal static class DurationFormat
{
    public static bool Matches(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty || text[0] != 'P')
        {
            return false;
        }

        text = text[1..];
        ReadOnlySpan<byte> weeks = text;
        if (TakeUnits(ref weeks, "W"u8) && weeks.IsEmpty)
        {
            return true;
        }

        bool hasDate = TakeUnits(ref text, "YMD"u8);
        if (text.IsEmpty)
        {
            return hasDate;
        }

        if (text[0] != 'T')
        {
            return false;
        }

        text = text[1..];
        return TakeUnits(ref text, "HMS"u8) && text.IsEmpty;
    }

    /// <summary>Takes numbers with consecutive units; false when there is none.</summary>
    private static bool TakeUnits(ref ReadOnlySpan<byte> text, ReadOnlySpan<byte> units)
    {
        int previous = -1;
        while (true)
        {
            int digits = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
            int unit = digits > 0 ? units.IndexOf(text[digits]) : -1;
            if (unit < 0 || (previous >= 0 && unit != previous + 1))
            {
                return previous >= 0;
            }

            previous = unit;
            text = text[(digits + 1)..];
        }
    }
}
