using System.Globalization;

namespace PolicyLayer.Testing.Approvals;

/// <summary>Random operations, each compared with the model.</summary>
internal static class RandomApprovalCases
{
    private const int Runs = 4;
    private const int StepsEach = 1_000;
    private const string Promise = "Over any sequence of operations, a store answers as the model does.";

    public static void AddTo(ApprovalCaseList cases)
    {
        for (int run = 0; run < Runs; run++)
        {
            ulong seed = cases.Seed + (ulong)run;
            string name = string.Create(CultureInfo.InvariantCulture, $"agrees_with_the_model_{run + 1}");
            cases.Add(name, Promise, stores => new RandomApprovalRun(stores, seed).RunAsync(StepsEach));
        }
    }
}
