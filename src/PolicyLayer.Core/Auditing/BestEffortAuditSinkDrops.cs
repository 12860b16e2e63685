using System.Globalization;
using PolicyLayer.Telemetry;

namespace PolicyLayer.Auditing;

/// <summary>Counts dropped records and tells of them: of the first at once, then of one a second at most.</summary>
internal sealed class BestEffortAuditSinkDrops(string place, TimeProvider time, FaultReporter faults)
{
    private const long Never = long.MinValue;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private long _count;
    private long _toldAt = Never;

    public long Count => Volatile.Read(ref _count);

    /// <summary>It never throws.</summary>
    public void Add(AuditRecord record, string why)
    {
        long count = Interlocked.Increment(ref _count);
        CountForListeners();
        if (IsTimeToTell())
        {
            string text = string.Create(CultureInfo.InvariantCulture, $"{why} Records dropped so far: {count}.");
            faults.Tell(FaultKind.AuditDropped, place, new InvalidOperationException(text), record.DecisionId);
        }
    }

    private static void CountForListeners()
    {
        try
        {
            Instruments.QueueDrops.Add(1);
        }
        catch (Exception)
        {
            // Who listens to the meter threw.
        }
    }

    private bool IsTimeToTell()
    {
        try
        {
            long now = time.GetTimestamp();
            long toldAt = Volatile.Read(ref _toldAt);
            return (toldAt == Never || time.GetElapsedTime(toldAt, now) >= Pause)
                && Interlocked.CompareExchange(ref _toldAt, now, toldAt) == toldAt;
        }
        catch (Exception)
        {
            // A clock that fails is told of by who judges with it; a flood of drops would drown that.
            return false;
        }
    }
}
