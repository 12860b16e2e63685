namespace PolicyLayer.Redis;

/// <summary>What the options of all stores have in common.</summary>
internal static class RedisOptions
{
    /// <exception cref="ArgumentException">One is out of range.</exception>
    public static void Validate(string keyPrefix, int database, TimeSpan deadline, TimeProvider timeProvider)
    {
        ArgumentException.ThrowIfNullOrEmpty(keyPrefix);
        int open = keyPrefix.IndexOf('{', StringComparison.Ordinal);
        int close = keyPrefix.IndexOf('}', open + 1);
        if (open < 0 ? close == 0 : close <= open + 1)
        {
            throw new ArgumentException(
                "The key prefix has no whole hash tag: keys that belong together would lie in several slots.", nameof(keyPrefix));
        }

        ArgumentNullException.ThrowIfNull(timeProvider);
        ArgumentOutOfRangeException.ThrowIfLessThan(database, -1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(deadline, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(deadline, TimeSpan.FromHours(1));
    }
}
