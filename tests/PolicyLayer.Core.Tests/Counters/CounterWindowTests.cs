using FsCheck.Xunit;
using PolicyLayer.Counters;

namespace PolicyLayer.Tests.Counters;

/// <summary>The arithmetic of both algorithms, against a list of all charges.</summary>
public sealed class CounterWindowTests
{
    [Property(MaxTest = 100)]
    public void Agrees_with_a_list_of_charges(int seed)
    {
        var random = new Random(seed);
        var algorithm = (CounterAlgorithm)random.Next(3);
        bool isRecent = algorithm == CounterAlgorithm.Recent;
        int seconds = random.Next(3) switch { 0 => 1, 1 => 7, _ => random.Next(1, 3_000) };
        CounterDefinition definition = Definition(seconds, algorithm);
        var window = new CounterWindow(definition);
        var charges = new List<(long Time, long Amount)>();
        long clock = random.NextInt64(-100_000, 4_000_000_000_000);
        long latest = long.MinValue;
        for (int i = 0; i < 200; i++)
        {
            clock += random.Next(4) switch
            {
                0 => -random.Next(seconds * 500),
                1 => 0,
                2 => random.Next(40),
                _ => random.Next(seconds * 700),
            };
            latest = isRecent ? clock : Math.Max(latest, clock);
            window.MoveTo(clock);
            if (isRecent)
            {
                charges.RemoveAll(c => BucketOf(definition, c.Time) <= BucketOf(definition, latest) - 60);
            }

            Assert.Equal(latest, window.LatestUnixMilliseconds);
            Assert.Equal(Used(definition, charges, latest), window.UsedMillionths);
            if (charges.Count > 0 && random.Next(4) == 0)
            {
                (long time, long amount) = charges[random.Next(charges.Count)];
                charges.Remove((time, amount));
                window.Release(amount, time);
            }
            else if (window.Fits(random.Next(5), 12))
            {
                long amount = Math.Min(random.Next(5), 12 - window.UsedMillionths);
                window.Charge(amount);
                if (isRecent && amount > 0)
                {
                    charges.RemoveAll(c => BucketOf(definition, c.Time) > BucketOf(definition, latest) + 1);
                }

                charges.Add((latest, amount));
            }
            else
            {
                long amount = random.Next(1, 13);
                RequireEarliest(definition, charges, latest, amount, window);
            }

            if (random.Next(10) == 0)
            {
                window = CounterWindow.Load(definition, window.Save());
            }

            Assert.Equal(Used(definition, charges, latest), window.UsedMillionths);
            Assert.Equal(0, Used(definition, charges, window.ExpiresUnixMilliseconds));
            charges.RemoveAll(c => latest - c.Time > seconds * 3_000L);
        }
    }

    /// <summary>At a millisecond's resolution: whenever the last window's length is looked at, it holds no more than the maximum.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(60)]
    public void No_sliding_interval_holds_more_than_the_maximum(int seconds)
    {
        var random = new Random(seconds);
        var window = new CounterWindow(Definition(seconds, CounterAlgorithm.Sliding));
        var recent = new Queue<long>();
        long now = 1_800_000_000_000;
        int calls = LongTests.Choose(100_000, 1_000_000);
        for (int i = 0; i < calls; i++)
        {
            now += random.Next(10) == 0 ? random.Next(seconds * 200) : random.Next(3);
            window.MoveTo(now);
            if (window.Fits(1, 50))
            {
                window.Charge(1);
                recent.Enqueue(now);
            }

            while (recent.Count > 0 && recent.Peek() <= now - (seconds * 1_000L))
            {
                recent.Dequeue();
            }

            Assert.True(recent.Count <= 50, "More than the maximum lie within one window's length.");
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(16)]
    [InlineData(25)]
    public void Damaged_bytes_are_refused(int length) =>
        Assert.Throws<FormatException>(() => CounterWindow.Load(Definition(60, CounterAlgorithm.Fixed), new byte[length]));

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(long.MaxValue / 3)]
    [InlineData(253_402_300_800_000)]
    [InlineData(long.MinValue + 1)]
    public void A_time_that_no_clock_shows_is_refused(long latest)
    {
        foreach (CounterAlgorithm algorithm in (CounterAlgorithm[])[CounterAlgorithm.Fixed, CounterAlgorithm.Sliding])
        {
            Assert.Throws<FormatException>(() => CounterWindow.Load(Definition(60, algorithm), BitConverter.GetBytes(latest)));
        }
    }

    [Fact]
    public void An_unused_counter_can_be_saved()
    {
        CounterWindow window = CounterWindow.Load(
            Definition(60, CounterAlgorithm.Sliding), new CounterWindow(Definition(60, CounterAlgorithm.Sliding)).Save());
        window.MoveTo(1_800_000_000_000);
        Assert.Equal(1_800_000_000_000, window.LatestUnixMilliseconds);
        Assert.True(window.Fits(1, 1));
    }

    [Fact]
    public void An_unused_counter_has_seen_no_time_and_the_last_windows_end_with_the_calendar()
    {
        foreach (CounterAlgorithm algorithm in (CounterAlgorithm[])[CounterAlgorithm.Fixed, CounterAlgorithm.Sliding])
        {
            var window = new CounterWindow(Definition(CounterWindowLength.MaxSeconds, algorithm));
            Assert.Equal((null, null), (window.Latest, window.Expires));
            window.MoveTo(DateTimeOffset.MaxValue);
            window.Charge(1);
            Assert.Equal(DateTimeOffset.MaxValue, window.Expires);
            Assert.Equal(DateTimeOffset.MaxValue.ToUnixTimeMilliseconds(), window.Latest!.Value.ToUnixTimeMilliseconds());
            Assert.Null(window.GetRetryAfter(3, 2, DateTimeOffset.MaxValue));
            Assert.True(window.GetRetryAfter(2, 2, DateTimeOffset.MinValue) > TimeSpan.FromDays(3_650_000));
        }
    }

    /// <summary>Databases keep it: whatever was written must be read for ever.</summary>
    [Theory]
    [InlineData(CounterAlgorithm.Fixed, "24C75C18A301000080C3C9010000000041420F0000000000")]
    [InlineData(CounterAlgorithm.Sliding, "24C75C18A301000000D2496B0000000040420F00000000001ED2496B000000000100000000000000")]
    public void The_bytes_are_the_same_in_every_version(CounterAlgorithm algorithm, string saved)
    {
        var window = new CounterWindow(Definition(60, algorithm));
        window.MoveTo(1_800_000_000_000);
        window.Charge(CounterDemand.Unit);
        window.MoveTo(1_800_000_030_500);
        window.Charge(1);
        Assert.Equal(saved, Convert.ToHexString(window.Save()));
        Assert.Equal(CounterDemand.Unit + 1, CounterWindow.Load(window.Definition, Convert.FromHexString(saved)).UsedMillionths);
    }

    [Theory]
    [InlineData(CounterAlgorithm.Fixed)]
    [InlineData(CounterAlgorithm.Sliding)]
    public void No_amount_takes_a_counter_out_of_its_range(CounterAlgorithm algorithm)
    {
        var window = new CounterWindow(Definition(60, algorithm));
        window.MoveTo(1_800_000_000_000);
        window.Charge(5);
        Assert.Throws<ArgumentOutOfRangeException>(() => window.Charge(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => window.Charge(CounterDemand.Largest - 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => window.Release(-1, window.Latest!.Value));
        Assert.Equal(5, window.UsedMillionths);
    }

    [Theory]
    [InlineData(CounterAlgorithm.Fixed)]
    [InlineData(CounterAlgorithm.Sliding)]
    public void A_counter_that_has_seen_no_time_is_read_as_one(CounterAlgorithm algorithm)
    {
        CounterDefinition definition = Definition(60, algorithm);
        byte[] saved = new CounterWindow(definition).Save();
        CounterWindow window = CounterWindow.Load(definition, saved);
        Assert.Equal((null, null), (window.Latest, window.Expires));
        Assert.Throws<FormatException>(() => CounterWindow.Load(definition, [.. saved, .. new byte[8], 1, .. new byte[7]]));
    }

    [Fact]
    public void Bytes_with_impossible_charges_are_refused()
    {
        CounterDefinition definition = Definition(60, CounterAlgorithm.Sliding);
        var window = new CounterWindow(definition);
        window.MoveTo(1_800_000_000_000);
        window.Charge(5);
        byte[] saved = window.Save();
        Assert.Equal(5, CounterWindow.Load(definition, saved).UsedMillionths);
        foreach (int place in (int[])[12, 15, 23])
        {
            byte[] damaged = [.. saved];
            damaged[place] ^= 0xff;
            Assert.Throws<FormatException>(() => CounterWindow.Load(definition, damaged));
        }
    }

    [Theory]
    [InlineData(CounterAlgorithm.Fixed, false)]
    [InlineData(CounterAlgorithm.Fixed, true)]
    [InlineData(CounterAlgorithm.Sliding, false)]
    [InlineData(CounterAlgorithm.Sliding, true)]
    [InlineData(CounterAlgorithm.Recent, true)]
    public void A_release_of_what_was_charged_before_a_reset_takes_nothing_of_what_was_since(CounterAlgorithm algorithm, bool isSaved)
    {
        var window = new CounterWindow(Definition(60, algorithm));
        window.Reset();
        Assert.Null(window.Latest);
        window.MoveTo(1_800_000_000_000);
        window.Charge(5);
        DateTimeOffset before = window.Latest!.Value;
        window.Reset();
        Assert.Equal(0, window.UsedMillionths);
        window.MoveTo(before);
        Assert.True(window.Latest > before);
        window.Charge(3);
        DateTimeOffset since = window.Latest!.Value;
        window = isSaved ? CounterWindow.Load(window.Definition, window.Save()) : window;
        window.Release(5, before);
        Assert.Equal(3, window.UsedMillionths);
        window.Release(2, since);
        Assert.Equal(1, window.UsedMillionths);
        window.MoveTo(1_800_000_060_999);
        window.MoveTo(1_800_000_061_000);
        Assert.Equal((0, 8), (window.UsedMillionths, window.Save().Length));
    }

    [Fact]
    public void A_reset_that_is_impossible_is_refused()
    {
        CounterDefinition definition = Definition(60, CounterAlgorithm.Fixed);
        byte[] Saved(long resetAt) => [.. BitConverter.GetBytes(1_800_000_000_500), .. BitConverter.GetBytes(resetAt)];
        Assert.Equal(0, CounterWindow.Load(definition, Saved(1_800_000_000_000)).UsedMillionths);
        foreach (long time in (long[])[1_800_000_000_500, 1_799_999_999_999, long.MaxValue, long.MinValue])
        {
            Assert.Throws<FormatException>(() => CounterWindow.Load(definition, Saved(time)));
        }
    }

    private static void RequireEarliest(
        CounterDefinition definition, List<(long Time, long Amount)> charges, long now, long amount, CounterWindow window)
    {
        if (window.Fits(amount, 12))
        {
            return;
        }

        long wait = (long)window.GetRetryAfter(amount, 12, DateTimeOffset.FromUnixTimeMilliseconds(now))!.Value.TotalMilliseconds;
        Assert.True(Used(definition, charges, now + wait) + amount <= 12);
        Assert.False(Used(definition, charges, now + wait - 1) + amount <= 12);
    }

    private static CounterDefinition Definition(int seconds, CounterAlgorithm algorithm) =>
        new("test", "counter", CounterScope.Grant, CounterWindowLength.FromSeconds(seconds), algorithm);

    private static long Used(CounterDefinition definition, List<(long Time, long Amount)> charges, long now) => charges
        .Where(charge => definition.Algorithm == CounterAlgorithm.Fixed
            ? Floor(now, definition.Window.Seconds * 1_000L) == Floor(charge.Time, definition.Window.Seconds * 1_000L)
            : BucketOf(definition, now) <= BucketOf(definition, charge.Time) + (definition.Algorithm == CounterAlgorithm.Sliding ? 60 : 59)
                && (definition.Algorithm == CounterAlgorithm.Sliding || BucketOf(definition, charge.Time) <= BucketOf(definition, now) + 1))
        .Sum(charge => charge.Amount);

    private static Int128 BucketOf(CounterDefinition definition, long time) => Floor(time * 3, definition.Window.Seconds * 50L);

    private static Int128 Floor(Int128 value, Int128 divisor) => (value - (((value % divisor) + divisor) % divisor)) / divisor;
}
