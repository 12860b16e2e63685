using BenchmarkDotNet.Running;
using PolicyLayer.Benchmarks;

switch (args)
{
    case ["guard", .. var filter]:
        return HotPathGuard.Run(filter.FirstOrDefault() ?? "");
    case ["threads"]:
        ThreadScaling.Run();
        return 0;
    case ["medians"]:
        await GuardMedians.RunAsync();
        return 0;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        return 0;
}
