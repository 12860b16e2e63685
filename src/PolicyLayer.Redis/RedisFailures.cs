using System.Globalization;
using StackExchange.Redis;

namespace PolicyLayer.Redis;

/// <summary>Turns the client's exceptions into our failures.</summary>
/// <param name="what">What is kept, in a message.</param>
/// <param name="version">The version of the stored form.</param>
/// <param name="deletion">How to be rid of another version, and at which price.</param>
internal sealed class RedisFailures(string what, int version, string deletion)
{
    /// <summary>How the server begins to say that it can't serve right now: it loads, is a replica, or may not write.</summary>
    private static readonly string[] AwayErrors =
        ["LOADING", "READONLY", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN", "BUSY", "MISCONF", "NOREPLICAS"];

    public static RedisFailures OfCounters { get; } =
        new("counters", RedisScripts.Version, "delete the policy's keys: what they counted is forgotten");

    public static RedisFailures OfApprovals { get; } =
        new("approvals", RedisApprovalScripts.Version, "delete the approvals' keys: what was asked for and answered is forgotten");

    /// <summary>The failure, or null for an exception that isn't the client's.</summary>
    public RedisStoreException? TryFrom(Exception e) => e switch
    {
        TimeoutException => TimedOut(e),
        RedisServerException => From(e.Message, e),

        // A command exception is the client's own refusal: it knows of no server that takes writes.
        RedisConnectionException or RedisCommandException or ObjectDisposedException =>
            new RedisStoreException(RedisStoreFailure.Unavailable, "Redis can't be reached.", e),
        RedisException => new RedisStoreException(RedisStoreFailure.Other, "Redis refused the script.", e),
        _ => null,
    };

    public static RedisStoreException TimedOut(Exception? inner = null) =>
        new(RedisStoreFailure.Timeout, "Redis gave no answer within the deadline.", inner);

    /// <summary>Without the server's words, which may quote what the keys hold.</summary>
    public RedisStoreException Damaged() => new(RedisStoreFailure.Damaged, $"The {what} in Redis are damaged.");

    /// <summary>What the server's own words mean.</summary>
    public RedisStoreException From(string error, Exception? inner = null)
    {
        if (error.Contains("DAMAGED", StringComparison.Ordinal) || error.StartsWith("WRONGTYPE", StringComparison.Ordinal))
        {
            return Damaged();
        }

        if (error.StartsWith(RedisScripts.Outside, StringComparison.Ordinal))
        {
            return new RedisStoreException(
                RedisStoreFailure.ClockApart,
                "The clock in Redis is in another week or month than this machine's. Set both clocks right.");
        }

        if (error.StartsWith(RedisScripts.OtherVersion, StringComparison.Ordinal))
        {
            string other = new([.. error[RedisScripts.OtherVersion.Length..].TakeWhile(char.IsAsciiDigit)]);
            string found = string.Create(
                CultureInfo.InvariantCulture, $"The {what} in Redis have version {other}; this package understands version {version}.");
            return new RedisStoreException(
                RedisStoreFailure.OtherVersion, $"{found} Use the package that wrote them or another key prefix, or {deletion}.");
        }

        if (error.StartsWith("OOM", StringComparison.Ordinal))
        {
            return new RedisStoreException(RedisStoreFailure.Full, "Redis has no memory left.", inner);
        }

        return Array.Exists(AwayErrors, away => error.StartsWith(away, StringComparison.Ordinal))
            ? new RedisStoreException(RedisStoreFailure.Unavailable, "Redis can't serve the script right now.", inner)
            : new RedisStoreException(RedisStoreFailure.Other, "Redis refused the script.", inner);
    }
}
