using PolicyLayer.Counters;

namespace PolicyLayer.Tests;

/// <summary>Which counter a key is, for a store with a defect.</summary>
internal sealed class BrokenKeys(Defect defect)
{
    public CounterKey KeyOf(CounterKey key)
    {
        CounterDefinition of = key.Definition;
        return defect switch
        {
            Defect.MixesSessions when key.SessionId is not null => new(of, key.GrantId, "any", key.Partition),
            Defect.MixesValues when of.IsPartitioned => new(of, key.GrantId, key.SessionId, new string('0', 32)),
            Defect.MixesValuesAndPlain when of.IsPartitioned => new(With(of, of.Window, of.Kind), key.GrantId, key.SessionId),
            Defect.MixesKinds => new(With(of, of.Window, CounterKind.Limit, of.IsPartitioned), key.GrantId, key.SessionId, key.Partition),
            Defect.MixesCalendarAndSeconds when of.Window == CounterWindowLength.Week =>
                new(With(of, CounterWindowLength.FromSeconds(7 * 86_400), of.Kind), key.GrantId, key.SessionId),
            _ => key,
        };
    }

    private static CounterDefinition With(
        CounterDefinition of, CounterWindowLength window, CounterKind kind, bool isPartitioned = false) =>
        new(of.PolicyName, of.CounterName, of.Scope, window, of.Algorithm, kind, isPartitioned);
}
