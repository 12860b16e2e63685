using System.Globalization;
using System.Text;
using PolicyLayer.DecisionTree.Schemas.Formats;
using PolicyLayer.Documents;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Compilation.Grants;

/// <summary>Reads <c>expires</c>: a date, a time and an offset, as RFC 3339 writes them.</summary>
internal static class ExpiryReader
{
    private const int DateLength = 10;
    private const int TimeLength = 19;
    private const int OffsetLength = 6;
    private const int FractionDigits = 7;

    /// <summary>The moment in UTC, what is finer than a tick cut: never later than written. Null, and reported, if it is none.</summary>
    public static DateTimeOffset? Read(SyntaxNode node, GrantContext context)
    {
        if (!context.Expect(node, JsonKind.String))
        {
            return null;
        }

        string text = node.GetString();
        DateTimeOffset? moment = Parse(text);
        if (moment is null)
        {
            context.Findings.Report(
                DiagnosticDescriptors.InvalidMoment,
                node,
                $"{node.Quote()} is no date and time with an offset, from year 1 to 9999.",
                IsMoment(text + "Z") ? "add the offset: `Z` for UTC, or one such as `+01:00`" : "write it like `2027-01-31T18:00:00Z`");
        }

        return moment;
    }

    private static bool IsMoment(string text) => DateTimeFormats.IsDateTime(Encoding.UTF8.GetBytes(text));

    private static DateTimeOffset? Parse(string text)
    {
        // INVARIANT: from here on every part has its digits, and is in range but for the year 0.
        if (!IsMoment(text) || Number(text, 0, 4) == 0)
        {
            return null;
        }

        var date = new DateTime(Number(text, 0, 4), Number(text, 5, 2), Number(text, 8, 2), 0, 0, 0, DateTimeKind.Unspecified);
        int minutes = (Number(text, DateLength + 1, 2) * 60) + Number(text, DateLength + 4, 2) - OffsetOf(text);
        long ticks = date.Ticks + (minutes * TimeSpan.TicksPerMinute)
            + (Number(text, DateLength + 7, 2) * TimeSpan.TicksPerSecond) + FractionOf(text);
        return ticks >= DateTime.MinValue.Ticks && ticks <= DateTime.MaxValue.Ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;
    }

    /// <summary>The offset in minutes.</summary>
    private static int OffsetOf(string text)
    {
        if (text[^1] is 'Z' or 'z')
        {
            return 0;
        }

        int start = text.Length - OffsetLength;
        int minutes = (Number(text, start + 1, 2) * 60) + Number(text, start + 4, 2);
        return text[start] == '-' ? -minutes : minutes;
    }

    private static long FractionOf(string text)
    {
        ReadOnlySpan<char> rest = text.AsSpan(TimeLength);
        if (rest[0] != '.')
        {
            return 0;
        }

        int length = rest[1..].IndexOfAnyExceptInRange('0', '9');
        ReadOnlySpan<char> digits = rest.Slice(1, Math.Min(length, FractionDigits));
        return long.Parse(digits.ToString().PadRight(FractionDigits, '0'), NumberStyles.None, CultureInfo.InvariantCulture);
    }

    private static int Number(string text, int start, int length) =>
        int.Parse(text.AsSpan(start, length), NumberStyles.None, CultureInfo.InvariantCulture);
}
