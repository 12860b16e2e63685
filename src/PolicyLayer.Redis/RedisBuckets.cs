using PolicyLayer.Counters;

namespace PolicyLayer.Redis;

/// <summary>
/// The numbers of buckets, as the scripts have them: those of seconds count from the Unix epoch, a calendar's is the time at which its
/// window begins. Times are milliseconds since the Unix epoch.
/// </summary>
internal static class RedisBuckets
{
    // A sixtieth of a window is window * 50 / 3 milliseconds: whole numbers only when multiplied by 3.
    private const int Multiplier = 3;

    /// <summary>For how many buckets a charge of the recent kind counts, which no other does.</summary>
    public const int BucketsOfWindow = 60;

    /// <summary>In how many buckets a charge counts, its own included; as in <see cref="CounterWindow"/>.</summary>
    public static int SpanOf(CounterDefinition definition) => definition.Algorithm switch
    {
        CounterAlgorithm.Fixed => 1,
        CounterAlgorithm.Sliding => BucketsOfWindow + 1,
        CounterAlgorithm.Recent => BucketsOfWindow,
        _ => throw new NotSupportedException("This package doesn't know the counter's algorithm."),
    };

    /// <summary>What a time, multiplied by <see cref="MultiplierOf"/>, is divided by; not for the calendar's.</summary>
    public static long DivisorOf(CounterDefinition definition)
    {
        TimeSpan length = definition.Window.Duration
            ?? throw new NotSupportedException("This package doesn't know the counter's window.");
        long milliseconds = length.Ticks / TimeSpan.TicksPerMillisecond;
        return definition.Algorithm == CounterAlgorithm.Fixed ? milliseconds : milliseconds * Multiplier / BucketsOfWindow;
    }

    public static int MultiplierOf(CounterDefinition definition) => definition.Algorithm == CounterAlgorithm.Fixed ? 1 : Multiplier;

    /// <summary>The bucket that a demand was charged to at a time of the server's.</summary>
    public static long BucketOf(in CounterDemand demand, long time)
    {
        CounterDefinition definition = demand.Key.Definition;
        if (definition.Window.IsCalendar)
        {
            CounterWindowBounds bounds = demand.Bounds!.Value;
            long end = bounds.End.ToUnixTimeMilliseconds();
            return time < end ? bounds.Start.ToUnixTimeMilliseconds() : end;
        }

        return time * MultiplierOf(definition) / DivisorOf(definition);
    }

    /// <summary>The first whole millisecond of a bucket.</summary>
    public static long StartOf(CounterDefinition definition, long bucket)
    {
        if (definition.Window.IsCalendar)
        {
            return bucket;
        }

        int multiplier = MultiplierOf(definition);
        return checked((bucket * DivisorOf(definition)) + multiplier - 1) / multiplier;
    }
}
