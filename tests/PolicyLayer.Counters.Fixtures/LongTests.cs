namespace PolicyLayer.Tests;

/// <summary>How much a test does: little as a rule, all of it with <c>POLICYLAYER_LONG_TESTS=1</c>.</summary>
public static class LongTests
{
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("POLICYLAYER_LONG_TESTS") == "1";

    public static int Choose(int usual, int whenLong) => IsLong ? whenLong : usual;
}
