using System.Buffers.Binary;
using System.Diagnostics;

namespace PolicyLayer.Counters;

/// <summary>
/// One counter: the charges on it that still count, and the arithmetic of all algorithms. It is what a store needs to keep, load and
/// save, so that a store of your own only has to make a reservation atomic.
/// </summary>
/// <remarks>
/// Times are whole milliseconds, amounts whole millionths. Charges of one bucket are kept together and stop counting
/// together. A fixed window is one bucket; the others have buckets of a sixtieth of their length. A charge of a sliding one counts until
/// the sixty-first bucket after its own begins: at least for the window's length, at most for a sixtieth longer; one of the recent kind
/// until the sixtieth does: at most for the window's length. It goes by the time that it was moved to last, back and forth: charges in
/// later buckets than the next one don't count, and are forgotten when something is charged behind them. Not safe for several threads.
/// <see cref="CounterArithmetic"/> answers whole requests with them.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class CounterWindow
{
    /// <summary>From the first moment that a clock can show to the last, in milliseconds.</summary>
    internal const long LongestWait = WindowArithmetic.LatestTime - WindowArithmetic.EarliestTime;

    // INVARIANT: _latest never falls, unless the counter is of the recent kind; _used is the sum of the charges that count at it, and
    // 0 <= _used <= CounterDemand.Largest. A fixed window has _charges only if it was reset. Those of the recent kind lie within
    // Span + 1 buckets, so that all of them together are no more than what counted at the last charge.
    private long _latest;
    private long _bucket;
    private long _bucketEnd = long.MinValue;
    private long _used;
    private ChargeQueue? _charges;

    /// <summary>An empty counter.</summary>
    /// <param name="definition">What it counts.</param>
    /// <param name="floor">
    /// A time that it may not go back behind: everything earlier counts as this time. Null for none; one of the recent kind has none.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="definition"/> is null.</exception>
    public CounterWindow(CounterDefinition definition, DateTimeOffset? floor = null)
        : this(definition, floor?.ToUnixTimeMilliseconds() ?? long.MinValue)
    {
    }

    internal CounterWindow(CounterDefinition definition, long floor)
    {
        ArgumentNullException.ThrowIfNull(definition);
        Definition = definition;
        _latest = IsRecent ? long.MinValue : floor;
    }

    /// <summary>What it counts.</summary>
    public CounterDefinition Definition { get; }

    /// <summary>What it holds at <see cref="Latest"/>.</summary>
    public long UsedMillionths => _used;

    /// <summary>
    /// The latest time that it has seen, or for the recent kind the last one that it was moved to; null if it has seen none.
    /// </summary>
    public DateTimeOffset? Latest => _latest == long.MinValue ? null : WindowArithmetic.TimeOf(_latest);

    /// <summary>
    /// When nothing that it holds counts any more; null if it has seen no time. It may be dropped then, if its successor starts at this
    /// time or later; of the recent kind, the successor may start anywhere.
    /// </summary>
    public DateTimeOffset? Expires => ExpiresUnixMilliseconds == long.MinValue ? null : WindowArithmetic.TimeOf(ExpiresUnixMilliseconds);

    internal long LatestUnixMilliseconds => _latest;

    internal long ExpiresUnixMilliseconds =>
        _charges is null || _charges.Count == 0 ? _bucketEnd : StartOf(_charges[_charges.Count - 1].Bucket + Span);

    private bool IsSliding => Definition.Algorithm != CounterAlgorithm.Fixed;

    private bool IsRecent => Definition.Algorithm == CounterAlgorithm.Recent;

    /// <summary>In how many buckets a charge counts, its own included. Only for windows of several.</summary>
    private int Span => Definition.Algorithm == CounterAlgorithm.Sliding ? 61 : 60;

    /// <summary>The first bucket that counts.</summary>
    private long OldestBucket => IsSliding ? _bucket - Span + 1 : _bucket;

    /// <summary>Moves to a time; stays where it is when that is in the past, unless it is of the recent kind.</summary>
    public void MoveTo(DateTimeOffset time) => MoveTo(time.ToUnixTimeMilliseconds());

    internal void MoveTo(long unixMilliseconds)
    {
        if (unixMilliseconds >= _latest && unixMilliseconds < _bucketEnd)
        {
            // Forward within its bucket, as most calls are, all kinds move alike.
            _latest = unixMilliseconds;
        }
        else if (IsRecent)
        {
            MoveRecentTo(unixMilliseconds);
        }
        else
        {
            _latest = Math.Max(_latest, unixMilliseconds);
            if (_latest >= _bucketEnd)
            {
                EnterBucket();
            }
        }
    }

    private void MoveRecentTo(long time)
    {
        if (_charges is ChargesSinceReset { ResetAt: var resetAt } && time <= resetAt && BucketOf(resetAt + 1) <= BucketOf(time) + 1)
        {
            // What is charged since a reset differs in time from what was charged before.
            time = resetAt + 1;
        }

        bool isBack = time < _latest;
        _latest = time;
        if (isBack || time >= _bucketEnd)
        {
            EnterBucket();
        }
    }

    /// <summary>Whether an amount fits below a maximum, at the time moved to.</summary>
    public bool Fits(long amountMillionths, long maxMillionths) => CounterArithmetic.Fits(_used, amountMillionths, maxMillionths);

    /// <summary>Charges an amount that fits, at the time moved to.</summary>
    /// <param name="amountMillionths">The amount, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The amount is negative, or the counter would hold more than one can.</exception>
    public void Charge(long amountMillionths)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(amountMillionths);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(amountMillionths, CounterDemand.Largest - _used);
        Add(amountMillionths);
    }

    /// <summary>Charges an amount that is known to fit.</summary>
    internal void Add(long amountMillionths)
    {
        _used += amountMillionths;
        if (IsSliding && amountMillionths > 0)
        {
            _charges ??= new ChargeQueue();
            if (IsRecent)
            {
                // By a clock that was ahead: never trusted again, though the time should come.
                _charges.RemoveAfter(_bucket + 1);
            }

            _charges.Add(_bucket, amountMillionths);
        }
    }

    /// <summary>Moves to a time that isn't behind, and says whether it is there now and an amount fits.</summary>
    internal bool FitsAt(long unixMilliseconds, long amountMillionths, long maxMillionths)
    {
        if (unixMilliseconds < _latest)
        {
            return false;
        }

        MoveTo(unixMilliseconds);
        return _latest == unixMilliseconds && Fits(amountMillionths, maxMillionths);
    }

    /// <summary>Computes how long it is to the earliest moment at which an amount that doesn't fit would.</summary>
    /// <param name="amountMillionths">The amount.</param>
    /// <param name="maxMillionths">What the counter may hold.</param>
    /// <param name="time">The clock, which may have stepped back behind <see cref="Latest"/>.</param>
    /// <returns>The time on that clock, in whole milliseconds; null when the amount never fits, because it exceeds the maximum.</returns>
    public TimeSpan? GetRetryAfter(long amountMillionths, long maxMillionths, DateTimeOffset time) => amountMillionths > maxMillionths
        ? null
        : TimeSpan.FromMilliseconds(MomentOfRoom(amountMillionths, maxMillionths) - time.ToUnixTimeMilliseconds());

    /// <summary>The earliest moment at which an amount fits that doesn't now, but can.</summary>
    internal long MomentOfRoom(long amountMillionths, long maxMillionths)
    {
        long end = _bucketEnd;
        if (_charges is not null)
        {
            // Until the first of them is forgotten, all those that are ahead have come to count.
            long left = IsRecent ? _charges.SumThrough(long.MaxValue) : _used;
            for (int i = 0; i < _charges.Count && !CounterArithmetic.Fits(left, amountMillionths, maxMillionths); i++)
            {
                left -= _charges[i].Amount;
                end = StartOf(_charges[i].Bucket + Span);
            }
        }

        return end;
    }

    /// <summary>Gives an amount back to the bucket that it was charged to, if that one still counts; never below zero.</summary>
    /// <param name="amountMillionths">The amount, at least 0.</param>
    /// <param name="chargedAt"><see cref="Latest"/> as it was when the amount was charged.</param>
    /// <exception cref="ArgumentOutOfRangeException">The amount is negative: it would be a charge.</exception>
    public void Release(long amountMillionths, DateTimeOffset chargedAt)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(amountMillionths);
        Release(amountMillionths, chargedAt.ToUnixTimeMilliseconds());
    }

    internal void Release(long amountMillionths, long chargedAt)
    {
        if (_charges is ChargesSinceReset charges && chargedAt <= charges.ResetAt)
        {
            return;
        }

        long bucket = BucketOf(chargedAt);
        if (IsSliding)
        {
            long taken = _charges?.Remove(bucket, amountMillionths) ?? 0;
            _used -= Counts(bucket) ? taken : 0;
        }
        else if (bucket == _bucket && _bucketEnd != long.MinValue)
        {
            _used -= Math.Min(_used, amountMillionths);
        }
    }

    /// <summary>Makes it hold nothing. What was charged before can't be given back any more: it takes from no later charge.</summary>
    public void Reset()
    {
        if (_bucketEnd == long.MinValue)
        {
            return;
        }

        // A moment later, so that what is charged from now on differs in time from what was.
        long resetAt = Math.Min(_latest, WindowArithmetic.LatestTime - 1);
        _used = 0;
        _charges = new ChargesSinceReset(resetAt);
        MoveTo(resetAt + 1);
    }

    private int CountCharges()
    {
        if (IsSliding)
        {
            return _charges?.Count ?? 0;
        }

        return _used == 0 ? 0 : 1;
    }

    /// <summary>The counter as bytes, for a database: the same in every process and version.</summary>
    public byte[] Save()
    {
        int count = CountCharges();
        long? resetAt = ResetThatMatters();
        var bytes = new byte[sizeof(long) + (count * 2 * sizeof(long)) + (resetAt is null ? 0 : sizeof(long))];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, _latest);
        for (int i = 0; i < count; i++)
        {
            (long bucket, long amount) = IsSliding ? _charges![i] : (_bucket, _used);
            Span<byte> charge = bytes.AsSpan(sizeof(long) + (i * 2 * sizeof(long)));
            BinaryPrimitives.WriteInt64LittleEndian(charge, bucket);
            BinaryPrimitives.WriteInt64LittleEndian(charge[sizeof(long)..], amount);
        }

        if (resetAt is { } time)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(bytes.Length - sizeof(long)), time);
        }

        return bytes;
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <param name="definition">What the counter counts, as when it was saved.</param>
    /// <param name="saved">The bytes.</param>
    /// <exception cref="FormatException">The bytes are damaged.</exception>
    public static CounterWindow Load(CounterDefinition definition, ReadOnlySpan<byte> saved)
    {
        const int Charge = 2 * sizeof(long);
        if (saved.Length < sizeof(long) || saved.Length % sizeof(long) != 0)
        {
            throw Damaged();
        }

        long latest = BinaryPrimitives.ReadInt64LittleEndian(saved);
        if (latest is not long.MinValue and (< WindowArithmetic.EarliestTime or > WindowArithmetic.LatestTime))
        {
            throw Damaged();
        }

        var window = new CounterWindow(definition) { _latest = latest };
        if (latest == long.MinValue)
        {
            return saved.Length == sizeof(long) ? window : throw Damaged();
        }

        window.EnterBucket();
        ReadOnlySpan<byte> rest = saved[sizeof(long)..];
        if (rest.Length % Charge != 0)
        {
            window.RestoreReset(BinaryPrimitives.ReadInt64LittleEndian(rest[^sizeof(long)..]));
            rest = rest[..^sizeof(long)];
        }

        for (; !rest.IsEmpty; rest = rest[Charge..])
        {
            window.Restore(BinaryPrimitives.ReadInt64LittleEndian(rest), BinaryPrimitives.ReadInt64LittleEndian(rest[sizeof(long)..]));
        }

        window.CountCurrent();
        return window;
    }

    /// <summary>Another counter that holds the same.</summary>
    internal CounterWindow Copy() => Load(Definition, Save());

    private void Restore(long bucket, long amount)
    {
        bool isFirst = _charges is not { Count: > 0 };
        long last = isFirst ? long.MinValue : _charges![_charges.Count - 1].Bucket;
        if (bucket < OldestBucket || bucket > NewestBucket(isFirst) || bucket <= last || (!IsSliding && _used != 0)
            || amount <= 0 || amount > CounterDemand.Largest - _used)
        {
            throw Damaged();
        }

        _used += amount;
        if (IsSliding)
        {
            (_charges ??= new ChargeQueue()).Add(bucket, amount);
        }
    }

    private void RestoreReset(long resetAt)
    {
        long end = IsRecent ? WindowArithmetic.LatestTime : _latest;
        if (resetAt < WindowArithmetic.EarliestTime || resetAt >= end || BucketOf(resetAt) < OldestBucket)
        {
            throw Damaged();
        }

        _charges = new ChargesSinceReset(resetAt);
    }

    /// <summary>When it was reset, while what was charged before could be mistaken for what was since; null if it wasn't.</summary>
    private long? ResetThatMatters() =>
        _charges is ChargesSinceReset { ResetAt: var time } && BucketOf(time) >= OldestBucket ? time : null;

    private static FormatException Damaged() => new("A saved counter is damaged.");

    private void EnterBucket()
    {
        _bucket = BucketOf(_latest);
        _bucketEnd = StartOf(_bucket + 1);
        if (!IsSliding)
        {
            _used = 0;
            _charges = null;
        }
        else if (_charges is not null)
        {
            _used -= _charges.RemoveThrough(_bucket - Span);
            CountCurrent();
        }
    }

    /// <summary>Whether the charges of a bucket that is kept count at the time moved to.</summary>
    private bool Counts(long bucket) => !IsRecent || bucket <= _bucket + 1;

    /// <summary>Charges that are kept come to count, or cease to, as one of the recent kind moves.</summary>
    private void CountCurrent()
    {
        if (IsRecent)
        {
            _used = _charges?.SumThrough(_bucket + 1) ?? 0;
        }
    }

    /// <summary>The last bucket in which a charge that is read can be.</summary>
    private long NewestBucket(bool isFirst)
    {
        if (!IsRecent)
        {
            return _bucket;
        }

        return isFirst ? BucketOf(WindowArithmetic.LatestTime) : _charges![0].Bucket + Span;
    }

    // A sixtieth of a window is window * 50 / 3 milliseconds: whole numbers only when multiplied by 3.
    private long BucketOf(long time) => IsSliding
        ? WindowArithmetic.FloorDivide(time * 3, Definition.Window.Seconds * 50L)
        : WindowArithmetic.NumberOf(Definition.Window, time);

    /// <summary>The first whole millisecond of a bucket.</summary>
    private long StartOf(long bucket) => IsSliding
        ? -WindowArithmetic.FloorDivide(-bucket * Definition.Window.Seconds * 50L, 3)
        : WindowArithmetic.StartOf(Definition.Window, bucket);

    /// <summary>The definition; not what it holds.</summary>
    public override string ToString() => Definition.ToString();
}
