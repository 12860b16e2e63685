namespace PolicyLayer.Tests.Proxy.Smuggling;

/// <summary>How many random cases a test takes: a few as a rule, all with <c>POLICYLAYER_LONG_TESTS=1</c>.</summary>
internal static class Cases
{
    public static int Count { get; } = Environment.GetEnvironmentVariable("POLICYLAYER_LONG_TESTS") == "1" ? 100_000 : 1_000;
}
