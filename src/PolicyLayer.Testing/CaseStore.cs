using System.Globalization;
using PolicyLayer.Counters;

namespace PolicyLayer.Testing;

/// <summary>A store under test, with what a case expects of it.</summary>
internal sealed class CaseStore(ICounterStore store, CancellationToken cancellationToken)
{
    public ValueTask<CounterReservation> ReserveAsync(CounterRequest request) => store.ReserveAsync(request, cancellationToken);

    public ValueTask<CounterReservation> ReserveAsync(CounterRequest request, CancellationToken token) => store.ReserveAsync(request, token);

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
    public async Task<long> UsedAsync(CounterDefinition definition, string grantId = "g", string? sessionId = "s", long? at = null)
    {
        CounterRequest probe = Request([new CounterLimit(definition, 0)], [1], grantId, sessionId, at);
        return (await RefuseAsync(probe, "A request for more than the maximum").ConfigureAwait(false)).UsedMillionths(0);
    }

    public async Task RequireUsedAsync(
        long expected, CounterDefinition definition, string grantId = "g", string? sessionId = "s", long? at = null)
    {
        long used = await UsedAsync(definition, grantId, sessionId, at).ConfigureAwait(false);
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

    public static CounterRequest Request(CounterDefinition definition, long max, long? at = null, string grantId = "g", long amount = CounterDemand.Unit) =>
        Request([new CounterLimit(definition, max)], [amount], grantId, "s", at);

    public static CounterRequest Request(
        CounterLimit[] limits, long[]? amounts = null, string grantId = "g", string? sessionId = "s", long? at = null) =>
        new(DateTimeOffset.FromUnixTimeMilliseconds(at ?? CaseStores.Start), grantId, sessionId, limits, amounts);

    public static CounterDefinition Definition(
        string name,
        CounterScope scope = CounterScope.Grant,
        int windowSeconds = CounterDefinition.MaxWindowSeconds,
        CounterAlgorithm algorithm = CounterAlgorithm.Fixed,
        string policy = "conformance") => new(policy, name, scope, windowSeconds, algorithm);

    public static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new BrokenPromiseException(otherwise);
        }
    }
}
