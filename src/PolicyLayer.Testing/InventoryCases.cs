using PolicyLayer.Counters;
using static PolicyLayer.Testing.CaseStore;
using static PolicyLayer.Testing.Promises;

namespace PolicyLayer.Testing;

/// <summary>What people see of the counters, and set back.</summary>
internal static class InventoryCases
{
    private const long Unit = CounterDemand.Unit;
    private const string Listed = "A list has every counter that holds something, with what it holds and until when.";
    private const string SetBack = "A counter that is reset holds nothing, and no other changes.";

    public static void AddTo(CaseList cases)
    {
        const CounterStoreCapabilities Needs = CounterStoreCapabilities.Inventory;
        cases.Add("inventory_lists_what_is_held", Listed, Lists, Needs);
        cases.Add("inventory_says_until_when", Listed, SaysUntilWhen, Needs | CounterStoreCapabilities.RequestTime);
        cases.Add("inventory_resets_one_counter", SetBack, ResetsOne, Needs);
        cases.Add(
            "inventory_reset_and_open_calls", "Quota of calls that were open at a reset isn't given back later.", OpenCalls, Needs);
    }

    private static async Task Lists(CaseStores stores)
    {
        CaseStore store = await stores.OpenAsync().ConfigureAwait(false);
        CaseLimit[] limits =
        [
            new(Definition("plain"), 9 * Unit),
            new(Definition("odd|\0\ud800 name", CounterScope.Session), 9 * Unit),
            new(Definition("all", CounterScope.Policy, algorithm: CounterAlgorithm.Sliding), 9 * Unit),
            new(Definition("values", CounterScope.Session, isPartitioned: true), 9 * Unit, Value: "a"),
            new(Definition("values", CounterScope.Session, isPartitioned: true), 9 * Unit, Value: "b"),
            new(Definition("values", CounterScope.Policy, isPartitioned: true), 9 * Unit),
            new(Definition("tool", algorithm: CounterAlgorithm.Recent, kind: CounterKind.Mark), 9 * Unit),
        ];
        long[] amounts = [Unit, 2, 3, 4, 5, 6, 7];
        await RequireListAsync(store, []).ConfigureAwait(false);
        CounterRequest request = Request(limits, amounts, "g|1", "s}\ud801");
        CounterReservation reservation = await store.AdmitAsync(request).ConfigureAwait(false);
        await store.AdmitAsync(Request([new(Definition("none"), Unit)], [0]), "A call of amount 0").ConfigureAwait(false);
        await store.AdmitAsync(LookOf(Request(Definition("looked"), Unit))).ConfigureAwait(false);
        var expected = limits.Select((limit, i) => (limit.KeyOf("g|1", "s}\ud801"), amounts[i])).ToDictionary();
        await RequireListAsync(store, expected).ConfigureAwait(false);
        CounterRequest other = Request(Definition("another", policy: "another"), 9 * Unit);
        await store.AdmitAsync(other).ConfigureAwait(false);
        await store.ReleaseAsync(request, reservation).ConfigureAwait(false);
        await RequireListAsync(store, new() { [other[0].Key] = Unit }).ConfigureAwait(false);
    }

    private static async Task SaysUntilWhen(CaseStores stores)
    {
        CaseStore store = await stores.OpenAsync().ConfigureAwait(false);
        const long Day = 86_400_000;

        // Each reset may move what is charged later on by one.
        const long Moments = 5 + 20;

        // 2100 begins with a Friday.
        (CounterDefinition Definition, long Earliest, long Latest)[] counters =
        [
            (Definition("day", windowSeconds: 86_400), Day, Day),
            (Definition("sliding", windowSeconds: 86_400, algorithm: CounterAlgorithm.Sliding), Day + 5, (Day * 61 / 60) + Moments),
            (Definition("recent", windowSeconds: 86_400, algorithm: CounterAlgorithm.Recent), (Day * 59 / 60) + 5, Day + Moments),
            (Calendar("week", CounterWindowLength.Week), 3 * Day, 3 * Day),
            (Calendar("month", CounterWindowLength.Month), 31 * Day, 31 * Day),
        ];

        // The second time after a reset, which moves no counter to another window, the other grant's neither.
        foreach (string grant in (string[])["g", "g", "h"])
        {
            await store.AdmitAsync(Request(
                [.. counters.Select(c => new CaseLimit(c.Definition, Unit))], null, grant, at: CaseStores.Start + 5)).ConfigureAwait(false);
            Dictionary<CounterKey, CounterStatus> listed = await ListAsync(store).ConfigureAwait(false);
            foreach ((CounterDefinition definition, long earliest, long latest) in counters)
            {
                CounterStatus status = listed[new CaseLimit(definition, 0).KeyOf(grant, "s")];
                long expires = status.Expires.ToUnixTimeMilliseconds() - CaseStores.Start;
                Require(
                    expires >= earliest && expires <= latest,
                    $"It says that `{definition.CounterName}` holds something until {status.Expires:O}.");
                await store.Inventory.ResetAsync(status.Key).ConfigureAwait(false);
            }
        }
    }

    private static async Task ResetsOne(CaseStores stores)
    {
        CaseStore store = await stores.OpenAsync().ConfigureAwait(false);
        foreach (CounterScope scope in (CounterScope[])[CounterScope.Grant, CounterScope.Session, CounterScope.Policy])
        {
            foreach (CounterAlgorithm algorithm in (CounterAlgorithm[])
                [CounterAlgorithm.Fixed, CounterAlgorithm.Sliding, CounterAlgorithm.Recent])
            {
                CounterDefinition values = Definition("reset", scope, algorithm: algorithm, isPartitioned: true);
                CaseLimit full = new(values, Unit, Value: "a");
                CounterRequest[] others =
                [
                    Request([full with { Value = "b" }]),
                    Request([full with { Definition = Definition("reset", scope, algorithm: algorithm) }]),
                    Request([full with { Value = scope == CounterScope.Policy ? "c" : "a" }], grantId: "another"),
                ];
                foreach (CounterRequest request in others.Append(Request([full])))
                {
                    await store.AdmitAsync(request).ConfigureAwait(false);
                }

                CounterKey key = full.KeyOf("g", "s");
                Require(await store.Inventory.ResetAsync(key).ConfigureAwait(false), "It says that a full counter held nothing.");
                await store.RequireUsedAsync(0, values, value: "a").ConfigureAwait(false);
                Require(!await store.Inventory.ResetAsync(key).ConfigureAwait(false), "It says that an empty counter held something.");
                foreach (CounterRequest request in others)
                {
                    await store.RefuseAsync(request, "A call on a full counter that wasn't reset").ConfigureAwait(false);
                }

                await store.AdmitAsync(Request([full]), "A call on a counter that was reset").ConfigureAwait(false);
                await store.RefuseAsync(Request([full]), "A second call on a counter that was reset").ConfigureAwait(false);
            }
        }

        CounterKey missing = new CaseLimit(Definition("missing"), 0).KeyOf("nobody", null);
        Require(!await store.Inventory.ResetAsync(missing).ConfigureAwait(false), "It says that a missing counter held something.");
    }

    private static async Task OpenCalls(CaseStores stores)
    {
        CaseStore store = await stores.OpenAsync().ConfigureAwait(false);
        foreach (CounterAlgorithm algorithm in (CounterAlgorithm[])
            [CounterAlgorithm.Fixed, CounterAlgorithm.Sliding, CounterAlgorithm.Recent])
        {
            CounterDefinition counter = Definition("open", algorithm: algorithm);
            CounterRequest request = Request(counter, 9 * Unit);
            CounterReservation before = await store.AdmitAsync(request).ConfigureAwait(false);
            await store.Inventory.ResetAsync(request[0].Key).ConfigureAwait(false);
            CounterReservation since = await store.AdmitAsync(request).ConfigureAwait(false);
            await store.ReleaseAsync(request, before).ConfigureAwait(false);
            await store.RequireUsedAsync(Unit, counter).ConfigureAwait(false);
            await store.ReleaseAsync(request, since).ConfigureAwait(false);
            await store.RequireUsedAsync(0, counter).ConfigureAwait(false);
        }
    }

    private static async Task RequireListAsync(CaseStore store, Dictionary<CounterKey, long> expected)
    {
        Dictionary<CounterKey, CounterStatus> listed = await ListAsync(store).ConfigureAwait(false);
        Require(listed.Count == expected.Count, $"It lists {listed.Count} counters where {expected.Count} hold something.");
        foreach ((CounterKey key, long used) in expected)
        {
            Require(listed.TryGetValue(key, out CounterStatus status), "It doesn't list a counter that holds something.");
            Require(status.UsedMillionths == used, $"It says that a counter holds {status.UsedMillionths}, not {used}.");
        }
    }

    private static async Task<Dictionary<CounterKey, CounterStatus>> ListAsync(CaseStore store)
    {
        var listed = new Dictionary<CounterKey, CounterStatus>();
        await foreach (CounterStatus status in store.Inventory.ListAsync().ConfigureAwait(false))
        {
            Require(listed.TryAdd(status.Key, status), "It lists a counter twice.");
        }

        return listed;
    }
}
