using PolicyLayer.Counters;
using static PolicyLayer.Testing.CaseStore;
using static PolicyLayer.Testing.Promises;

namespace PolicyLayer.Testing;

/// <summary>What is admitted, what is refused, and what a refusal says.</summary>
internal static class AdmissionCases
{
    private const long Unit = CounterDemand.Unit;

    public static void AddTo(CaseList cases)
    {
        cases.Add(
            "admits_exactly_the_maximum", "A request is admitted when used plus amount is at most the maximum, and never otherwise.",
            Exactly);
        cases.Add("counts_whole_millionths", "Amounts are whole millionths: no floating point.", Millionths);
        cases.Add("all_or_nothing", "Either every demand of a request is charged, or none is.", AllOrNothing);
        cases.Add("refusal_says_what_is_used", "A refusal says what each counter holds, in the order of the demands.", RefusalUsed);
        cases.Add("never_fits", "An amount beyond the maximum is refused, charges nothing and asks for no retry.", NeverFits);
        cases.Add("keeps_counters_apart", "Counters that differ in any part of their key are different counters.", Apart);
        cases.Add("equal_keys_are_one_counter", "Keys that are equal by value are one counter.", OneCounter);
        cases.Add("cancelled_beforehand", "A token that is cancelled beforehand charges and gives back nothing, and throws.", Cancelled);
    }

    private static async Task Exactly(CaseStores stores)
    {
        CaseStore store = await stores.OpenAsync().ConfigureAwait(false);
        CounterDefinition counter = Definition("exact");
        for (int i = 0; i < 10; i++)
        {
            await store.AdmitAsync(Request(counter, 10 * Unit)).ConfigureAwait(false);
        }

        await store.RefuseAsync(Request(counter, 10 * Unit), "One call beyond the maximum").ConfigureAwait(false);
        await store.RefuseAsync(Request(counter, 5 * Unit), "A call on a counter beyond its own maximum").ConfigureAwait(false);
        await store.AdmitAsync(Request(counter, 10 * Unit, amount: 0), "A call of amount 0 on a full counter").ConfigureAwait(false);
        await store.AdmitAsync(Request(counter, 11 * Unit), "A call with a larger maximum on the same counter").ConfigureAwait(false);
        await store.RequireUsedAsync(11 * Unit, counter).ConfigureAwait(false);
        await store.AdmitAsync(Request(Definition("zero"), 0, amount: 0), "Amount 0 of maximum 0").ConfigureAwait(false);
        await store.RefuseAsync(Request(Definition("zero"), 0), "A call on a maximum of 0").ConfigureAwait(false);
    }

    private static async Task Millionths(CaseStores stores)
    {
        CaseStore store = await stores.OpenAsync().ConfigureAwait(false);
        CounterDefinition tenths = Definition("tenths");
        for (int i = 0; i < 3; i++)
        {
            await store.AdmitAsync(Request(tenths, 300_000, amount: 100_000), "A third tenth of three").ConfigureAwait(false);
        }

        await store.RefuseAsync(Request(tenths, 300_000, amount: 1), "One millionth too many").ConfigureAwait(false);
        CounterDefinition large = Definition("large");
        const long Largest = CounterDemand.Largest;
        await store.AdmitAsync(Request(large, Largest, amount: Largest - 1)).ConfigureAwait(false);
        await store.RefuseAsync(Request(large, Largest, amount: 2), "One millionth beyond the largest maximum").ConfigureAwait(false);
        await store.RefuseAsync(Request(large, Largest, amount: Largest), "Twice the largest amount").ConfigureAwait(false);
        await store.AdmitAsync(Request(large, Largest, amount: 1), "The last millionth").ConfigureAwait(false);
        await store.RequireUsedAsync(Largest, large).ConfigureAwait(false);
    }

    private static async Task AllOrNothing(CaseStores stores)
    {
        CaseStore store = await stores.OpenAsync().ConfigureAwait(false);
        CaseLimit[] limits =
        [
            new(Definition("first"), 10 * Unit),
            new(Definition("second", CounterScope.Session), 1 * Unit),
            new(Definition("third", CounterScope.Policy), 10 * Unit),
        ];
        await store.AdmitAsync(Request(limits)).ConfigureAwait(false);
        for (int i = 0; i < 3; i++)
        {
            await store.RefuseAsync(Request(limits), "A request of which one demand doesn't fit").ConfigureAwait(false);
        }

        foreach (CaseLimit limit in limits)
        {
            await store.RequireUsedAsync(Unit, limit.Definition).ConfigureAwait(false);
        }

        CaseLimit[] news = [new(Definition("new"), 10 * Unit), limits[1]];
        await store.RefuseAsync(Request(news), "A request of which one demand doesn't fit").ConfigureAwait(false);
        await store.RequireUsedAsync(0, news[0].Definition).ConfigureAwait(false);
    }

    private static async Task RefusalUsed(CaseStores stores)
    {
        CaseStore store = await stores.OpenAsync().ConfigureAwait(false);
        CaseLimit[] limits = [new(Definition("a"), 5_000_000), new(Definition("b"), 700_000), new(Definition("c"), 9_000_000)];
        await store.AdmitAsync(Request(limits, [1_500_000, 600_001, 0])).ConfigureAwait(false);
        CounterReservation refusal = await store.RefuseAsync(Request(limits, [1_000_000, 100_000, 1])).ConfigureAwait(false);
        long[] used = [refusal.GetUsedMillionths(0), refusal.GetUsedMillionths(1), refusal.GetUsedMillionths(2)];
        Require(used is [1_500_000, 600_001, 0], $"It says {string.Join(", ", used)} where the counters hold 1500000, 600001, 0.");
        Require(WaitOf(refusal) > 0, "It doesn't say when the request may fit.");
    }

    private static async Task NeverFits(CaseStores stores)
    {
        CaseStore store = await stores.OpenAsync().ConfigureAwait(false);
        CounterDefinition counter = Definition("never");
        CounterReservation refusal = await store.RefuseAsync(Request(counter, 2 * Unit, amount: (2 * Unit) + 1)).ConfigureAwait(false);
        Require(WaitOf(refusal) == 0, "It names a time for what can never fit.");
        await store.RequireUsedAsync(0, counter).ConfigureAwait(false);
        CaseLimit[] limits = [new(counter, Unit), new(Definition("full"), Unit)];
        await store.AdmitAsync(Request(limits)).ConfigureAwait(false);
        refusal = await store.RefuseAsync(Request(limits, [Unit + 1, Unit])).ConfigureAwait(false);
        Require(WaitOf(refusal) == 0, "It names a time though one of the demands can never fit.");
    }

    private static async Task Apart(CaseStores stores)
    {
        CaseStore store = await stores.OpenAsync().ConfigureAwait(false);
        foreach ((CounterDefinition definition, string grant, string session) in DifferentKeys())
        {
            CounterRequest request = Request([new CaseLimit(definition, Unit)], null, grant, session);
            await store.AdmitAsync(request, "The first call on a counter of its own").ConfigureAwait(false);
            await store.RefuseAsync(request, "The second call on a counter of its own").ConfigureAwait(false);
        }
    }

    private static IEnumerable<(CounterDefinition Definition, string Grant, string Session)> DifferentKeys()
    {
        CounterDefinition grant = Definition("a");
        string[] ids = ["g", "G", "", "g|s", "g:s", "g\0", "g ", "{g}", "%67", "\ud800", "\ud801", "\U0001F600", "'; --", "*"];
        foreach (string id in ids)
        {
            yield return (grant, id, "s");
        }

        CounterDefinition session = Definition("a", CounterScope.Session);
        (string, string)[] pairs = [("g", "s"), ("g", ""), ("", "g"), ("g|", "s"), ("g", "|s"), ("g", "s2"), ("h", "s")];
        foreach ((string g, string s) in pairs)
        {
            yield return (session, g, s);
        }

        yield return (Definition("a", CounterScope.Policy), "g", "s");
        yield return (Definition("A"), "g", "s");
        yield return (Definition("a|grant"), "g", "s");
        yield return (Definition("a", windowSeconds: CounterWindowLength.MaxSeconds - 1), "g", "s");
        yield return (Definition("a", algorithm: CounterAlgorithm.Sliding), "g", "s");
        yield return (Definition("a", algorithm: CounterAlgorithm.Recent), "g", "s");
        yield return (Definition("a", kind: CounterKind.Mark), "g", "s");
        yield return (Definition("a", isPartitioned: true), "g", "s");
        yield return (Definition("a", CounterScope.Session, isPartitioned: true), "g", "s");
        yield return (Definition("a", CounterScope.Policy, isPartitioned: true), "g", "s");
        yield return (Definition("a", kind: CounterKind.Mark, isPartitioned: true), "g", "s");
        yield return (Definition("a", policy: "other"), "g", "s");
        yield return (Definition("b|a", policy: "p"), "g", "s");
        yield return (Definition("a", policy: "p|b"), "g", "s");
    }

    private static async Task OneCounter(CaseStores stores)
    {
        CaseStore store = await stores.OpenAsync().ConfigureAwait(false);
        foreach (CounterScope scope in (CounterScope[])[CounterScope.Grant, CounterScope.Session, CounterScope.Policy])
        {
            string grant = string.Concat("own-", scope.ToString());
            await store.AdmitAsync(Request(Definition("same", scope), Unit, grantId: grant)).ConfigureAwait(false);
            string other = scope == CounterScope.Policy ? "another" : new string(grant.AsSpan());
            await store.RefuseAsync(
                Request(Definition("same", scope), Unit, grantId: other), "A call on an equal key").ConfigureAwait(false);
        }
    }

    private static async Task Cancelled(CaseStores stores)
    {
        CaseStore store = await stores.OpenAsync().ConfigureAwait(false);
        CounterDefinition counter = Definition("cancelled");
        await RequireCancelledAsync(token => store.ReserveAsync(Request(counter, Unit), token).AsTask()).ConfigureAwait(false);
        await store.RequireUsedAsync(0, counter).ConfigureAwait(false);
        CounterReservation reservation = await store.AdmitAsync(Request(counter, Unit)).ConfigureAwait(false);
        await RequireCancelledAsync(token => store.ReserveAsync(Request(counter, 2 * Unit), token).AsTask()).ConfigureAwait(false);
        await store.RequireUsedAsync(Unit, counter).ConfigureAwait(false);
        await RequireCancelledAsync(token => store.ReleaseAsync(Request(counter, Unit), reservation, token).AsTask()).ConfigureAwait(false);
        await store.RequireUsedAsync(Unit, counter).ConfigureAwait(false);
        await store.ReleaseAsync(Request(counter, Unit), reservation).ConfigureAwait(false);
        await store.RequireUsedAsync(0, counter).ConfigureAwait(false);
    }
}
