using PolicyLayer.Auditing.Chain;

namespace PolicyLayer.Auditing.JsonLines;

/// <summary>How much of a record goes into its line.</summary>
/// <param name="ArgumentNames">How many argument names, the first.</param>
/// <param name="MessageLength">The longest message, in UTF-16 units.</param>
/// <param name="IsBare">
/// Whether the counters are left out and every text is cut. INVARIANT: such a line fits, whatever the record says.
/// </param>
/// <param name="IsShortened">Whether anything is left out.</param>
internal readonly record struct RecordShape(int ArgumentNames, int MessageLength, bool IsBare, bool IsShortened)
{
    // At six bytes a unit, the texts of a record stay well below a line's length.
    private const int BareTextLength = 256;

    /// <summary>The longest text, in UTF-16 units.</summary>
    public int TextLength => IsBare ? BareTextLength : int.MaxValue;

    public static RecordShape Whole(AuditRecord record)
    {
        int message = record.Message?.Length ?? 0;
        return new(record.ArgumentNames.Count, Math.Min(message, LineLength.Max), false, message > LineLength.Max);
    }

    /// <summary>The next shorter one: first argument names go, then the message.</summary>
    public RecordShape Shorter()
    {
        if (ArgumentNames > 0)
        {
            return this with { ArgumentNames = ArgumentNames / 2, IsShortened = true };
        }

        return MessageLength > 0
            ? this with { MessageLength = MessageLength / 2, IsShortened = true }
            : this with { IsBare = true, IsShortened = true };
    }
}
