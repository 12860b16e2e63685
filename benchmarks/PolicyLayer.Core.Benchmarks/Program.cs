using BenchmarkDotNet.Running;
using PolicyLayer.Benchmarks;

if (args is ["guard", ..])
{
    return HotPathGuard.Run(args.ElementAtOrDefault(1) ?? "");
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
