using PolicyLayer.Auditing.Chain;

namespace PolicyLayer.Auditing.JsonLines;

/// <summary>How much of a record goes into its line.</summary>
/// <param name="Names">How many names of each list, the first.</param>
/// <param name="MessageLength">The longest message, in UTF-16 units.</param>
/// <param name="IsBare">
/// Whether the counters are left out and every text is cut. INVARIANT: such a line fits, whatever the record says.
/// </param>
/// <param name="IsShortened">Whether anything is left out.</param>
internal readonly record struct RecordShape(int Names, int MessageLength, bool IsBare, bool IsShortened)
{
    // At six bytes a unit, the texts of a record stay well below a line's length.
    private const int BareTextLength = 256;

    /// <summary>The longest text, in UTF-16 units.</summary>
    public int TextLength => IsBare ? BareTextLength : int.MaxValue;

    public static RecordShape Whole(AuditRecord record)
    {
        int message = record.Message?.Length ?? 0;
        int names = Math.Max(
            record.ArgumentNames.Count, Math.Max(record.Reload?.NewCounters.Count ?? 0, record.Reload?.NewMarks.Count ?? 0));
        return new(names, Math.Min(message, LineLength.Max), false, message > LineLength.Max);
    }

    /// <summary>The next shorter one: first names go, then the message.</summary>
    public RecordShape Shorter()
    {
        if (Names > 0)
        {
            return this with { Names = Names / 2, IsShortened = true };
        }

        return MessageLength > 0
            ? this with { MessageLength = MessageLength / 2, IsShortened = true }
            : this with { IsBare = true, IsShortened = true };
    }
}
