namespace PolicyLayer.Tests.Redis;

/// <summary>Skipped, visibly, where redis-server isn't installed; in CI it must be.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RedisFactAttribute : FactAttribute
{
    public RedisFactAttribute() => Skip = RedisSkip.Reason;
}

/// <inheritdoc cref="RedisFactAttribute"/>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RedisTheoryAttribute : TheoryAttribute
{
    public RedisTheoryAttribute() => Skip = RedisSkip.Reason;
}

internal static class RedisSkip
{
    public static string? Reason { get; } =
        RedisServer.IsInstalled || Environment.GetEnvironmentVariable("CI") == "true" ? null : "redis-server is not installed.";
}
