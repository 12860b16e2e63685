using PolicyLayer.Counters;
using StackExchange.Redis;

namespace PolicyLayer.Redis;

/// <summary>What one request is to the scripts, and what their answers are to it.</summary>
internal sealed class RedisReservation(RedisKeys names, CounterRequest request, int maxCountersPerGrant)
{
    private const int ValuesOfRequest = 2;
    private const int ValuesOfDemand = 6;

    /// <exception cref="ArgumentException">The demands are of several policies.</exception>
    public (RedisKey[] Keys, RedisValue[] Values) ToReserve()
    {
        string policy = request[0].Key.Definition.PolicyName;
        int ofValues = CountOfValues();
        var keys = new RedisKey[request.Count + (ofValues > 0 ? 2 : 1)];
        var values = new RedisValue[ValuesOfRequest + (request.Count * ValuesOfDemand) + ofValues];
        keys[0] = names.ClockKey(policy);
        values[0] = KindOf(request);
        values[1] = RedisValue.EmptyString;
        if (ofValues > 0)
        {
            keys[^1] = names.HoldersKey(policy, request.GrantId);
            values[1] = maxCountersPerGrant;
        }

        int place = values.Length - ofValues;
        for (int i = 0; i < request.Count; i++)
        {
            CounterDemand demand = request[i];
            CounterDefinition definition = demand.Key.Definition;
            if (!string.Equals(definition.PolicyName, policy, StringComparison.Ordinal))
            {
                throw new ArgumentException("The demands of a request are of one policy.");
            }

            keys[i + 1] = names.KeyOf(demand.Key);
            Write(demand, values.AsSpan(ValuesOfRequest + (i * ValuesOfDemand), ValuesOfDemand));
            if (definition.IsPartitioned)
            {
                // Lua counts from 1.
                values[place++] = definition.Scope == CounterScope.Policy ? -(i + 2) : i + 2;
            }
        }

        return (keys, values);
    }

    /// <param name="admission">The answer to the request, as <see cref="Read"/> gave it.</param>
    public (RedisKey[] Keys, RedisValue[] Values) ToRelease(in CounterReservation admission)
    {
        long stamp = admission.Stamp;
        long timeOfRecent = admission.State as long? ?? stamp;
        var keys = new RedisKey[request.Count];
        var values = new RedisValue[(request.Count * 2) + 1];
        for (int i = 0; i < keys.Length; i++)
        {
            CounterDemand demand = request[i];
            keys[i] = names.KeyOf(demand.Key);
            values[i * 2] = demand.AmountMillionths;
            bool isRecent = demand.Key.Definition.Algorithm == CounterAlgorithm.Recent;
            values[(i * 2) + 1] = RedisBuckets.BucketOf(demand, isRecent ? timeOfRecent : stamp);
        }

        values[^1] = stamp;
        return (keys, values);
    }

    public CounterReservation Read(RedisResult result)
    {
        try
        {
            var answer = (long[])result!;
            if (answer is [1, var stamp, var time, .. var used] && request.Mode == CounterRequestMode.Charge)
            {
                return ReadCharge(stamp, time == stamp ? null : time, used);
            }

            if (answer is [2, >= 0 and var index] && index < request.Count)
            {
                return CounterReservation.AtCapacity((int)index);
            }

            if (answer.Length == (request.Count * 2) + 1 && answer[0] == 0)
            {
                return ReadRefusal(answer);
            }

            if (answer.Length == (request.Count * 2) + 1 && answer[0] == 3 && request.Mode == CounterRequestMode.Look)
            {
                return CounterReservation.Looked(UsedOf(answer));
            }
        }
        catch (Exception e) when (e is InvalidCastException or FormatException or OverflowException)
        {
            throw NoAnswer(e);
        }

        throw NoAnswer(inner: null);
    }

    private static RedisStoreException NoAnswer(Exception? inner) =>
        new(RedisStoreFailure.Damaged, "Redis gave an answer that isn't one.", inner);

    private static int KindOf(in CounterRequest request)
    {
        int charge = request.WantsUsed ? 2 : 0;
        return request.Mode == CounterRequestMode.Look ? 1 : charge;
    }

    private CounterReservation ReadCharge(long stamp, long? timeOfRecent, long[] used)
    {
        if (used.Length != (request.WantsUsed ? request.Count : 0))
        {
            throw NoAnswer(inner: null);
        }

        return request.WantsUsed
            ? CounterReservation.Charged(used, stamp, timeOfRecent)
            : CounterReservation.Admitted(stamp, timeOfRecent);
    }

    private static void Write(in CounterDemand demand, Span<RedisValue> values)
    {
        CounterDefinition definition = demand.Key.Definition;
        values[0] = demand.AmountMillionths;
        values[1] = demand.MaxMillionths;
        values[2] = demand.MinMillionths;
        if (definition.Window.IsCalendar)
        {
            CounterWindowBounds bounds = demand.Bounds!.Value;
            values[3] = bounds.Start.ToUnixTimeMilliseconds();
            values[4] = bounds.End.ToUnixTimeMilliseconds();
            values[5] = bounds.NextEnd.ToUnixTimeMilliseconds();
        }
        else
        {
            values[3] = RedisValue.EmptyString;
            values[4] = RedisBuckets.DivisorOf(definition);
            values[5] = RedisBuckets.SpanOf(definition);
        }
    }

    private int CountOfValues()
    {
        int count = 0;
        foreach (CounterDemand demand in request)
        {
            count += demand.Key.Definition.IsPartitioned ? 1 : 0;
        }

        return count;
    }

    private CounterReservation ReadRefusal(long[] answer)
    {
        var waits = new TimeSpan[request.Count];
        for (int i = 0; i < waits.Length; i++)
        {
            waits[i] = TimeSpan.FromMilliseconds(answer[(i * 2) + 2]);
        }

        return CounterArithmetic.Refuse(request, UsedOf(answer), waits);
    }

    private long[] UsedOf(long[] answer)
    {
        var used = new long[request.Count];
        for (int i = 0; i < used.Length; i++)
        {
            used[i] = answer[(i * 2) + 1];
        }

        return used;
    }
}
