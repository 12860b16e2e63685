using PolicyLayer.Counters;

namespace PolicyLayer.Tests;

/// <summary>What a store with a defect says that counters hold.</summary>
/// <param name="defect">The defect.</param>
/// <param name="storage">What is held.</param>
/// <param name="used">What a counter holds at a time.</param>
internal sealed class BrokenStandings(Defect defect, BrokenStorage storage, Func<CounterKey, long, long> used)
{
    private readonly BrokenKeys _keys = new(defect);

    public CounterReservation Looked(IReadOnlyList<CounterDemand> demands, long[] times)
    {
        return CounterReservation.Looked([.. demands.Select(Standing)]);

        long Standing(CounterDemand demand, int index) => defect switch
        {
            Defect.LooksSayTheFirstAlone when index > 0 => 0,
            Defect.LooksSayNoMinima when demand.MinMillionths > 0 => 0,
            Defect.LooksSayWhatTheyWouldMake => used(demand.Key, times[index]) + demand.AmountMillionths,
            Defect.LooksSayWhatHasEnded => UsedOfAllTime(demand.Key),
            Defect.LooksSayAllValues => UsedOfAllValues(demand.Key, times[index]),
            _ => used(demand.Key, times[index]),
        };
    }

    public CounterReservation Charged(IReadOnlyList<CounterDemand> demands, long[] times)
    {
        long[] left = [.. demands.Select(Standing)];
        if (defect == Defect.ChargesSayAnotherOrder)
        {
            Array.Reverse(left);
        }

        bool isSilent = defect == Defect.ChargesSayNothing
            || (defect == Defect.ChargesFallSilent && left.Max() > CounterDemand.Unit);
        return isSilent
            ? CounterReservation.Admitted(state: times)
            : CounterReservation.Charged(left, state: defect == Defect.ChargesThatSayForgetTheirTimes ? null : times);

        long Standing(CounterDemand demand, int index) => defect switch
        {
            Defect.ChargesSayTheFirstAlone when index > 0 => 0,
            Defect.ChargesSayNoMinima when demand.MinMillionths > 0 => 0,
            Defect.ChargesSayWhatTheyFound => used(demand.Key, times[index]) - demand.AmountMillionths,
            Defect.ChargesSayWhatHasEnded => UsedOfAllTime(demand.Key),
            Defect.ChargesSayAllValues => UsedOfAllValues(demand.Key, times[index]),
            _ => used(demand.Key, times[index]),
        };
    }

    private long UsedOfAllTime(CounterKey key) =>
        storage.Charges.GetValueOrDefault(_keys.KeyOf(key), []).Sum(charge => charge.Amount);

    private long UsedOfAllValues(CounterKey of, long now) =>
        storage.Charges.Keys.Where(key => key.Definition.Equals(of.Definition)).Sum(key => used(key, now));
}
