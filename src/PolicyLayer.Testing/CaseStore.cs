using System.Globalization;
using PolicyLayer.Counters;
using static PolicyLayer.Testing.Promises;

namespace PolicyLayer.Testing;

/// <summary>A store under test, with what a case expects of it.</summary>
internal sealed class CaseStore(ICounterStore store, CancellationToken cancellationToken)
{
    /// <summary>For a store that has one.</summary>
    public ICounterInventory Inventory => (ICounterInventory)store;

    public ValueTask<CounterReservation> ReserveAsync(CounterRequest request) => store.ReserveAsync(request, cancellationToken);

    public ValueTask<CounterReservation> ReserveAsync(CounterRequest request, CancellationToken token) =>
        store.ReserveAsync(request, token);

    public ValueTask ReleaseAsync(CounterRequest request, CounterReservation reservation) =>
        store.ReleaseAsync(new CounterRelease(request, reservation), cancellationToken);

    public ValueTask ReleaseAsync(CounterRequest request, CounterReservation reservation, CancellationToken token) =>
        store.ReleaseAsync(new CounterRelease(request, reservation), token);

    public async Task<CounterReservation> AdmitAsync(CounterRequest request, string what = "A request that fits")
    {
        CounterReservation reservation = await ReserveAsync(request).ConfigureAwait(false);
        Require(reservation.Status == CounterReservationStatus.Admitted, $"{what} was answered with {reservation.Status}.");
        return reservation;
    }

    public async Task<CounterReservation> RefuseAsync(CounterRequest request, string what = "A request that doesn't fit")
    {
        CounterReservation reservation = await ReserveAsync(request).ConfigureAwait(false);
        Require(reservation.Status == CounterReservationStatus.Refused, $"{what} was answered with {reservation.Status}.");
        return reservation;
    }

    /// <summary>What a counter holds, asked by a request that can't fit.</summary>
    public async Task<long> UsedAsync(
        CounterDefinition definition, string grantId = "g", string? sessionId = "s", long? at = null, string value = "v")
    {
        CounterRequest probe = Request([new CaseLimit(definition, 0, Value: value)], [1], grantId, sessionId, at);
        return (await RefuseAsync(probe, "A request for more than the maximum").ConfigureAwait(false)).GetUsedMillionths(0);
    }

    public async Task RequireUsedAsync(
        long expected,
        CounterDefinition definition,
        string grantId = "g",
        string? sessionId = "s",
        long? at = null,
        string value = "v")
    {
        long used = await UsedAsync(definition, grantId, sessionId, at, value).ConfigureAwait(false);
        Require(used == expected, string.Create(CultureInfo.InvariantCulture, $"The counter holds {used} millionths, not {expected}."));
    }

    /// <summary>How many of several equal requests are admitted.</summary>
    public async Task<int> CountAdmittedAsync(CounterRequest request, int attempts)
    {
        int admitted = 0;
        for (int i = 0; i < attempts; i++)
        {
            CounterReservation reservation = await ReserveAsync(request).ConfigureAwait(false);
            admitted += reservation.Status == CounterReservationStatus.Admitted ? 1 : 0;
        }

        return admitted;
    }

    public static CounterRequest Request(
        CounterDefinition definition, long max, long? at = null, string grantId = "g", long amount = CounterDemand.Unit) =>
        Request([new CaseLimit(definition, max)], [amount], grantId, "s", at);

    public static CounterRequest Request(
        CaseLimit[] limits,
        long[]? amounts = null,
        string grantId = "g",
        string? sessionId = "s",
        long? at = null,
        CounterRequestMode mode = CounterRequestMode.Charge)
    {
        IEnumerable<CounterDemand> demands = limits.Select((limit, i) => new CounterDemand(
            limit.KeyOf(grantId, sessionId), amounts?[i] ?? CounterDemand.Unit, limit.MaxMillionths, limit.MinMillionths));
        return new(DateTimeOffset.FromUnixTimeMilliseconds(at ?? CaseStores.Start), grantId, sessionId, demands, mode);
    }

    /// <summary>The same request, which only looks.</summary>
    public static CounterRequest LookOf(CounterRequest request)
    {
        var demands = new List<CounterDemand>(request.Count);
        foreach (CounterDemand demand in request)
        {
            demands.Add(demand);
        }

        return new(request.Time, request.GrantId, request.SessionId, demands, CounterRequestMode.Look);
    }

    /// <summary>How long a refusal says to wait, in milliseconds; 0 for none.</summary>
    public static long WaitOf(CounterReservation refusal) => (refusal.RetryAfter?.Ticks ?? 0) / TimeSpan.TicksPerMillisecond;

    /// <summary>How long a window is, in milliseconds.</summary>
    public static long LengthOf(CounterDefinition definition) => definition.Window.Duration!.Value.Ticks / TimeSpan.TicksPerMillisecond;

    public static CounterDefinition Definition(
        string name,
        CounterScope scope = CounterScope.Grant,
        int windowSeconds = CounterWindowLength.MaxSeconds,
        CounterAlgorithm algorithm = CounterAlgorithm.Fixed,
        string policy = "conformance",
        CounterKind kind = CounterKind.Limit,
        bool isPartitioned = false) =>
        new(policy, name, scope, CounterWindowLength.FromSeconds(windowSeconds), algorithm, kind, isPartitioned);

    /// <summary>A counter of a week or month of the calendar.</summary>
    public static CounterDefinition Calendar(
        string name, CounterWindowLength window, CounterScope scope = CounterScope.Grant, bool isPartitioned = false) =>
        new("conformance", name, scope, window, isPartitioned: isPartitioned);
}
