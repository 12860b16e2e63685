using PolicyLayer.Counters;
using PolicyLayer.DecisionTree;
using PolicyLayer.DecisionTree.Counting;
using PolicyLayer.Json.Clr;

namespace PolicyLayer.Authorization.Pipeline;

/// <summary>Writes what the counters of a call's limits stand at, for the person who is to approve it.</summary>
internal static class ApprovalCounters
{
    /// <summary>Writes the member <c>counters</c> with a comma before it; false where no limit is asked.</summary>
    /// <param name="output">Takes it; what is in it after false means nothing.</param>
    /// <param name="entry">The entry that judged the call.</param>
    /// <param name="standings">What its counters stand at; orders among them are left out.</param>
    public static bool TryWrite(Utf8Buffer output, ToolEntry entry, IReadOnlyList<CounterStanding> standings)
    {
        bool isFirst = true;
        foreach (CounterStanding standing in standings)
        {
            if (standing.Use is LimitNode limit)
            {
                output.TryAppend(isFirst ? ",\"counters\":["u8 : ","u8);
                isFirst = false;
                if (!TryWrite(output, entry.PointerOf(limit), limit, standing))
                {
                    return false;
                }
            }
        }

        return !isFirst && output.TryAppend("]"u8);
    }

    private static bool TryWrite(Utf8Buffer output, string pointer, LimitNode limit, CounterStanding standing) =>
        output.TryAppend("{\"rule\":"u8)
        && ClrScalarWriter.TryWriteString(output, pointer)
        && output.TryAppend(",\"name\":"u8)
        && ClrScalarWriter.TryWriteString(output, limit.Counter.CounterName)
        && TryWrite(output, ",\"used\":"u8, standing.UsedMillionths)
        && TryWrite(output, ",\"amount\":"u8, standing.AmountMillionths)
        && TryWrite(output, ",\"max\":"u8, limit.MaxMillionths)
        && output.TryAppend("}"u8);

    private static bool TryWrite(Utf8Buffer output, ReadOnlySpan<byte> before, long millionths) =>
        output.TryAppend(before) && ClrScalarWriter.TryWrite(output, (decimal)millionths / CounterDemand.Unit);
}
