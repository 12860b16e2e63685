namespace PolicyLayer.Testing;

/// <summary>Every promise of <see cref="Counters.ICounterStore"/> as a case that any test framework can run.</summary>
/// <remarks>
/// The cases make their own storages, so they can run side by side. The random ones are the same for a seed, which their failures name.
/// </remarks>
public static class CounterStoreConformance
{
    /// <summary>The seed that is used when none is given.</summary>
    public const long DefaultSeed = 20_260_101;

    /// <summary>The cases that apply to a store.</summary>
    /// <param name="harness">Opens the store and says what it can do.</param>
    /// <param name="seed">What the random cases start from.</param>
    /// <exception cref="ArgumentNullException"><paramref name="harness"/> is null.</exception>
    public static IReadOnlyList<ConformanceCase> Cases(CounterStoreHarness harness, long seed = DefaultSeed)
    {
        ArgumentNullException.ThrowIfNull(harness);
        var cases = new CaseList(harness, unchecked((ulong)seed));
        AdmissionCases.AddTo(cases);
        ReleaseCases.AddTo(cases);
        LookCases.AddTo(cases);
        StandingCases.AddTo(cases);
        ChargedCases.AddTo(cases);
        ConcurrencyCases.AddTo(cases);
        WindowCases.AddTo(cases);
        ClockCases.AddTo(cases);
        StorageCases.AddTo(cases);
        CalendarCases.AddTo(cases);
        MinimumCases.AddTo(cases);
        RecentCases.AddTo(cases);
        PartitionCases.AddTo(cases);
        InventoryCases.AddTo(cases);
        RandomCases.AddTo(cases);
        return cases.ToList();
    }
}
