using System.Diagnostics;
using System.Globalization;
using PolicyLayer.Text;

namespace PolicyLayer.Counters;

/// <summary>
/// Everything that one call demands of the counters, to be granted together or not at all. Immutable; <c>foreach</c> over it gives the
/// demands without allocating.
/// </summary>
/// <remarks>No two demands of a request are on the same key: the engine has merged them.</remarks>
[DebuggerDisplay("{ToString(),nq}")]
public readonly struct CounterRequest
{
    private readonly CounterLimits? _limits;
    private readonly long[]? _amounts;
    private readonly string?[]? _partitions;
    private readonly string _grantId;
    private readonly string? _sessionId;

    /// <summary>Describes a request, for tests and hosts of their own.</summary>
    /// <param name="time">The host's clock; digits below a millisecond are dropped.</param>
    /// <param name="grantId">Whose call it is.</param>
    /// <param name="sessionId">The call's session, needed when a demand is on a session's counter.</param>
    /// <param name="demands">What is asked, each counter once, all of this grant and session.</param>
    /// <param name="mode">Whether to charge.</param>
    /// <exception cref="ArgumentNullException">The grant id or the list is null.</exception>
    /// <exception cref="ArgumentException">
    /// A demand names no counter or one of another grant or session, a counter is named twice, or an amount or bound is out of range.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">The mode is none.</exception>
    public CounterRequest(
        DateTimeOffset time,
        string grantId,
        string? sessionId,
        IEnumerable<CounterDemand> demands,
        CounterRequestMode mode = CounterRequestMode.Charge)
    {
        ArgumentNullException.ThrowIfNull(grantId);
        ArgumentNullException.ThrowIfNull(demands);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)mode, (uint)CounterRequestMode.Look, nameof(mode));
        _grantId = grantId;
        _sessionId = sessionId;
        UnixMilliseconds = time.ToUnixTimeMilliseconds();
        Mode = mode;
        CounterDemand[] all = [.. demands];
        var limits = new CounterLimit[all.Length];
        _amounts = Array.TrueForAll(all, demand => demand.AmountMillionths == CounterDemand.Unit) ? null : new long[all.Length];
        _partitions = Array.Exists(all, demand => demand.Key.Partition is not null) ? new string?[all.Length] : null;
        var seen = new HashSet<CounterKey>();
        for (int i = 0; i < all.Length; i++)
        {
            Validate(all[i], seen);
            limits[i] = new CounterLimit(all[i].Key.Definition, all[i].MaxMillionths, all[i].MinMillionths);
            if (_partitions is not null)
            {
                _partitions[i] = all[i].Key.Partition;
            }

            if (_amounts is not null)
            {
                _amounts[i] = all[i].AmountMillionths;
            }
        }

        _limits = new CounterLimits(limits);
    }

    /// <param name="unixMilliseconds">The time.</param>
    /// <param name="grantId">The call's grant.</param>
    /// <param name="sessionId">The call's session, or null.</param>
    /// <param name="limits">The counters, each once.</param>
    /// <param name="amounts">What is added to each; null for one unit each.</param>
    /// <param name="partitions">The digests of those that are partitioned; null for none.</param>
    /// <param name="mode">Whether to charge.</param>
    internal CounterRequest(
        long unixMilliseconds,
        string grantId,
        string? sessionId,
        CounterLimits limits,
        long[]? amounts,
        string?[]? partitions = null,
        CounterRequestMode mode = CounterRequestMode.Charge)
    {
        UnixMilliseconds = unixMilliseconds;
        _grantId = grantId;
        _sessionId = sessionId;
        _limits = limits;
        _amounts = amounts;
        _partitions = partitions;
        Mode = mode;
    }

    /// <summary>How many counters the call demands room on.</summary>
    public int Count => _limits?.Length ?? 0;

    /// <summary>The host's clock, in whole milliseconds, rounded down. A store may keep its own time instead.</summary>
    public DateTimeOffset Time => DateTimeOffset.FromUnixTimeMilliseconds(UnixMilliseconds);

    /// <summary>Whose call it is, whatever the scope of its counters: stores bound what one grant may hold by it.</summary>
    public string GrantId => _grantId ?? "";

    /// <summary>The call's session, or null.</summary>
    public string? SessionId => _sessionId;

    /// <summary>Whether an admission is charged.</summary>
    public CounterRequestMode Mode { get; }

    /// <summary>
    /// Whether a charge is asked to say what each counter holds after it; false by default. A store that can't say it charges all the same.
    /// A look and a refusal always say what they found.
    /// </summary>
    public bool WantsUsed { get; init; }

    /// <summary>One demand, in the order of the policy's limits.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The index is out of range.</exception>
    public CounterDemand this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            CounterLimit limit = _limits![index];
            var key = new CounterKey(limit.Definition, _grantId, _sessionId, Partition(index));
            return new CounterDemand(key, AmountMillionths(index), limit.MaxMillionths, limit.MinMillionths, UnixMilliseconds);
        }
    }

    internal long UnixMilliseconds { get; }

    internal CounterLimits Limits => _limits ?? CounterLimits.None;

    /// <summary>Whether any amount may be other than one unit.</summary>
    internal bool HasAmounts => _amounts is not null;

    /// <summary>The demands, in the order of the policy's limits.</summary>
    public Enumerator GetEnumerator() => new(this);

    /// <summary>The mode, the number of counters, and the grant, shortened; no amount.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Mode} {Count} of {Quoted.Of(GrantId)}");

    /// <summary>The same request, which only looks.</summary>
    internal CounterRequest Looking() =>
        new(UnixMilliseconds, _grantId, _sessionId, Limits, _amounts, _partitions, CounterRequestMode.Look);

    internal long AmountMillionths(int index) => _amounts is null ? CounterDemand.Unit : _amounts[index];

    internal string? Partition(int index) => _partitions?[index];

    /// <summary>
    /// What tells the counter from others of its definition and grant: nothing, its session, its value's digest, or both. INVARIANT: all
    /// digests are of one length, so that no two pairs are one text.
    /// </summary>
    internal string? Owner(int index)
    {
        CounterDefinition definition = Limits[index].Definition;
        string? session = definition.Scope == CounterScope.Session ? _sessionId : null;
        return definition.IsPartitioned ? string.Concat(Partition(index), session) : session;
    }

    private void Validate(CounterDemand demand, HashSet<CounterKey> seen)
    {
        CounterDefinition definition = demand.Key.Definition ?? throw new ArgumentException("A demand names no counter.");
        bool isOfSession = definition.Scope == CounterScope.Session;
        if ((isOfSession && _sessionId is null) || demand.Key != new CounterKey(definition, _grantId, _sessionId, demand.Key.Partition))
        {
            throw new ArgumentException("A demand is on a counter of another grant or session.");
        }

        if (!seen.Add(demand.Key))
        {
            throw new ArgumentException("A request names each counter once.");
        }

        if (demand.MaxMillionths is < 0 or > CounterDemand.Largest || demand.AmountMillionths is < 0 or > CounterDemand.Largest)
        {
            throw new ArgumentException("Amounts and maxima lie between 0 and the largest amount.");
        }

        if (demand.MinMillionths < 0 || demand.MinMillionths > demand.MaxMillionths)
        {
            throw new ArgumentException("A minimum lies between 0 and the maximum.");
        }
    }

    /// <summary>Walks over the demands of a request.</summary>
    public struct Enumerator
    {
        private readonly CounterRequest _request;
        private int _index = -1;

        internal Enumerator(in CounterRequest request) => _request = request;

        /// <summary>The demand.</summary>
        public readonly CounterDemand Current => _request[_index];

        /// <summary>Goes on to the next demand, if there is one.</summary>
        public bool MoveNext() => ++_index < _request.Count;
    }
}
