using BenchmarkDotNet.Running;

BenchmarkSwitcher.FromAssembly(typeof(PolicyLayer.Benchmarks.SchemaBenchmarks).Assembly).Run(args);
