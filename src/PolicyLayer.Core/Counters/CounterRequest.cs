namespace PolicyLayer.Counters;

/// <summary>Everything that one call demands of the counters, to be granted together or not at all. Immutable.</summary>
/// <remarks>No two demands of a request are on the same key: the engine has merged them.</remarks>
public readonly struct CounterRequest
{
    private readonly CounterLimit[]? _limits;
    private readonly long[]? _amounts;
    private readonly string _grantId;
    private readonly string? _sessionId;

    /// <summary>Describes a request, for tests and hosts of their own.</summary>
    /// <param name="time">The host's clock.</param>
    /// <param name="grantId">Whose call it is.</param>
    /// <param name="sessionId">The call's session, needed when a limit counts by session.</param>
    /// <param name="limits">The counters and their maxima, each counter once.</param>
    /// <param name="amountsMillionths">What the call adds to each, in the same order; one unit each when left out.</param>
    /// <exception cref="ArgumentNullException">A grant id or list is null.</exception>
    /// <exception cref="ArgumentException">
    /// A limit names no counter, a counter is named twice, an amount or maximum is out of range, the lists differ in length, or a session is needed and missing.
    /// </exception>
    public CounterRequest(
        DateTimeOffset time, string grantId, string? sessionId, IEnumerable<CounterLimit> limits, IEnumerable<long>? amountsMillionths = null)
    {
        ArgumentNullException.ThrowIfNull(grantId);
        ArgumentNullException.ThrowIfNull(limits);
        _limits = [.. limits];
        _amounts = amountsMillionths is null ? null : [.. amountsMillionths];
        _grantId = grantId;
        _sessionId = sessionId;
        UnixMilliseconds = time.ToUnixTimeMilliseconds();
        Validate();
    }

    internal CounterRequest(long unixMilliseconds, string grantId, string? sessionId, CounterLimit[] limits, long[]? amounts)
    {
        UnixMilliseconds = unixMilliseconds;
        _grantId = grantId;
        _sessionId = sessionId;
        _limits = limits;
        _amounts = amounts;
    }

    /// <summary>How many counters the call demands room on.</summary>
    public int Count => _limits?.Length ?? 0;

    /// <summary>The host's clock, in whole milliseconds since the Unix epoch, rounded down. A store may keep its own time instead.</summary>
    public long UnixMilliseconds { get; }

    /// <summary>The host's clock, in whole milliseconds.</summary>
    public DateTimeOffset Time => DateTimeOffset.FromUnixTimeMilliseconds(UnixMilliseconds);

    /// <summary>Whose call it is, whatever the scope of its counters: stores bound what one grant may hold by it.</summary>
    public string GrantId => _grantId ?? "";

    /// <summary>The call's session, or null.</summary>
    public string? SessionId => _sessionId;

    /// <summary>One demand, in the order of the policy's limits.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The index is out of range.</exception>
    public CounterDemand this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            return new CounterDemand(KeyOf(_limits![index].Definition), Amount(index), _limits[index].MaxMillionths);
        }
    }

    internal ReadOnlySpan<CounterLimit> Limits => _limits;

    /// <summary>Whether any amount may be other than one unit.</summary>
    internal bool HasAmounts => _amounts is not null;

    internal long Amount(int index) => _amounts is null ? CounterDemand.Unit : _amounts[index];

    private CounterKey KeyOf(CounterDefinition definition) => definition.Scope switch
    {
        CounterScope.Grant => new CounterKey(definition, _grantId, null),
        CounterScope.Session => new CounterKey(definition, _grantId, _sessionId),
        _ => new CounterKey(definition, null, null),
    };

    private void Validate()
    {
        if (_amounts is not null && _amounts.Length != Count)
        {
            throw new ArgumentException("There must be as many amounts as limits.");
        }

        var seen = new HashSet<CounterDefinition>();
        for (int i = 0; i < Count; i++)
        {
            CounterLimit limit = _limits![i];
            if (limit.Definition is null)
            {
                throw new ArgumentException("A limit names no counter.");
            }

            if (!seen.Add(limit.Definition))
            {
                throw new ArgumentException("A request names each counter once.");
            }

            if (limit.MaxMillionths is < 0 or > CounterDemand.Largest || Amount(i) is < 0 or > CounterDemand.Largest)
            {
                throw new ArgumentException("Amounts and maxima lie between 0 and the largest amount.");
            }

            if (limit.Definition.Scope == CounterScope.Session && _sessionId is null)
            {
                throw new ArgumentException("A limit that counts by session needs a session.");
            }
        }
    }
}
