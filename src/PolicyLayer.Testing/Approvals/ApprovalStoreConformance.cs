using PolicyLayer.Testing.Approvals;

namespace PolicyLayer.Testing;

/// <summary>Every promise of <see cref="PolicyLayer.Approvals.IApprovalStore"/> as a case that any test framework can run.</summary>
/// <remarks>
/// The cases make their own storages, so they can run side by side. The random ones are the same for a seed, which their failures name.
/// </remarks>
public static class ApprovalStoreConformance
{
    /// <summary>The seed that is used when none is given.</summary>
    public const long DefaultSeed = 20_260_101;

    /// <summary>The cases that apply to a store.</summary>
    /// <param name="harness">Opens the store and says what it can do.</param>
    /// <param name="seed">What the random cases start from.</param>
    /// <exception cref="ArgumentNullException"><paramref name="harness"/> is null.</exception>
    public static IReadOnlyList<ConformanceCase> Cases(ApprovalStoreHarness harness, long seed = DefaultSeed)
    {
        ArgumentNullException.ThrowIfNull(harness);
        var cases = new ApprovalCaseList(harness, unchecked((ulong)seed));
        AskingCases.AddTo(cases);
        AnsweringCases.AddTo(cases);
        RefusalCases.AddTo(cases);
        SpendingCases.AddTo(cases);
        ApartCases.AddTo(cases);
        ExactCases.AddTo(cases);
        PendingListCases.AddTo(cases);
        PeriodCases.AddTo(cases);
        SteppedClockCases.AddTo(cases);
        EndingCases.AddTo(cases);
        BoundCases.AddTo(cases);
        RacingCases.AddTo(cases);
        LastingCases.AddTo(cases);
        RandomApprovalCases.AddTo(cases);
        return cases.ToList();
    }
}
