using System.Globalization;
using PolicyLayer.Counters;
using static PolicyLayer.Testing.CaseStore;

namespace PolicyLayer.Testing;

/// <summary>Random reservations and releases, each compared with the model.</summary>
internal static class RandomCases
{
    private const int Runs = 4;
    private const int StepsEach = 500;
    private const string Promise = "Over any sequence of reservations and releases, a store answers as the model does.";

    public static void AddTo(CaseList cases)
    {
        for (int run = 0; run < Runs; run++)
        {
            ulong seed = cases.Seed + (ulong)run;
            string name = string.Create(CultureInfo.InvariantCulture, $"agrees_with_the_model_{run + 1}");
            cases.Add(name, Promise, stores => new RandomRun(stores, seed).RunAsync(StepsEach));
        }
    }
}
