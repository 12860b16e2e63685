namespace PolicyLayer.Testing;

/// <summary>A clock that mostly goes on, now and then to the end of a day, week or month, and sometimes steps back.</summary>
internal sealed class RandomClock(long start)
{
    private const long LongestStepBack = 90_000;
    private const int StepsBetweenLeaps = 400;

    private long _latest = start;

    public long Now { get; private set; } = start;

    /// <summary>It never steps back behind this time.</summary>
    public long Earliest => _latest - LongestStepBack;

    /// <summary>Behind, the clock soon comes back to the latest time that it has shown: there the model knows the answers.</summary>
    public void Advance(SeededRandom random)
    {
        _latest = Math.Max(_latest, Now);
        if (Now < _latest && random.Below(4) == 0)
        {
            Now = _latest;
        }
        else if (random.Below(16) == 0)
        {
            Now = Math.Max(Now - random.Below(random.Below(2) == 0 ? 500L : LongestStepBack), Earliest);
        }
        else if (random.Below(StepsBetweenLeaps) == 0)
        {
            Now = Math.Max(Now, EndOfDays(random) - random.Below(3_000L));
        }
        else
        {
            Now += Step(random);
        }
    }

    /// <summary>Where a day, a week or a month ends.</summary>
    private long EndOfDays(SeededRandom random)
    {
        DateTime day = DateTimeOffset.FromUnixTimeMilliseconds(_latest).UtcDateTime.Date.AddDays(1);
        int kind = random.Below(3);
        while ((kind == 1 && day.DayOfWeek != DayOfWeek.Monday) || (kind == 2 && day.Day != 1))
        {
            day = day.AddDays(1);
        }

        return new DateTimeOffset(day).ToUnixTimeMilliseconds();
    }

    private long Step(SeededRandom random) => random.Below(8) switch
    {
        0 or 1 or 2 => 0,
        3 => 1,
        4 => random.Below(40L),
        5 => random.Below(1_200L),
        6 => 999 - (Now % 1_000),
        _ => random.Below(20) == 0 ? random.Below(70_000L) : random.Below(3_000L),
    };
}
