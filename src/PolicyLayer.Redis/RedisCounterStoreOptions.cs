namespace PolicyLayer.Redis;

/// <summary>What a <see cref="RedisCounterStore"/> works with. Read once, when the store is made.</summary>
public sealed class RedisCounterStoreOptions
{
    /// <summary>
    /// What all keys begin with; <c>policylayer:</c> by default. The keys of one policy share the cluster slot of
    /// <c>{prefix policy-name}</c>. A prefix with a hash tag of its own, such as <c>{limits}:</c>, brings all policies to the slot of that
    /// tag.
    /// </summary>
    public string KeyPrefix { get; set; } = "policylayer:";

    /// <summary>The number of the database, or -1 for the multiplexer's default, which is the default here too.</summary>
    public int Database { get; set; } = -1;

    /// <summary>How long a decision waits for the server. 1 second by default, more than 0 and at most an hour.</summary>
    public TimeSpan Deadline { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How many live counters for values one grant may hold, of one policy, those that it made for the whole policy included; a call that
    /// needs one more is refused. 10,000 by default, at least 1. The server's memory alone bounds other counters.
    /// </summary>
    public int MaxCountersPerGrant { get; set; } = 10_000;

    /// <summary>The clock of the deadline. Windows go by the server's clock.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    internal void Validate()
    {
        RedisOptions.Validate(KeyPrefix, Database, Deadline, TimeProvider);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxCountersPerGrant, 1);
    }
}
