namespace PolicyLayer.Counters.InMemory;

/// <summary>Looks at all counters of a store, partition by partition, and sets one back.</summary>
internal sealed class CounterInventory(CounterPartitions partitions)
{
    /// <summary>The counters that hold something at a time. No lock is held while somebody looks at one.</summary>
    public IEnumerable<CounterStatus> List(DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach ((string? grantId, CounterPartition partition) in partitions.All)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (CounterStatus status in StatesOf(partition, grantId, now))
            {
                yield return status;
            }
        }
    }

    /// <summary>Makes a counter hold nothing. Returns whether it held something at a time.</summary>
    public bool Reset(CounterKey key, DateTimeOffset now)
    {
        CounterPartition? partition = key.GrantId is null ? partitions.Shared : partitions.Find(key.GrantId);
        if (partition is null || key.Definition is null)
        {
            return false;
        }

        // One that was retired meanwhile is empty.
        partition.Enter();
        try
        {
            if (partition.Find(key.Definition, OwnerOf(key)) is not { } window)
            {
                return false;
            }

            bool held = StateOf(key, window, now).UsedMillionths > 0;
            window.Reset();
            partitions.MayExpireAt(partition, window.ExpiresUnixMilliseconds);
            return held;
        }
        finally
        {
            partition.Exit();
        }
    }

    private static List<CounterStatus> StatesOf(CounterPartition partition, string? grantId, DateTimeOffset now)
    {
        var states = new List<CounterStatus>();
        partition.Enter();
        try
        {
            foreach ((CounterDefinition definition, string? owner, CounterWindow window) in partition.All)
            {
                CounterStatus status = StateOf(KeyOf(definition, grantId, owner), window, now);
                if (status.UsedMillionths > 0)
                {
                    states.Add(status);
                }
            }
        }
        finally
        {
            partition.Exit();
        }

        return states;
    }

    /// <summary>Only a copy moves, and never back: the counter lives by the requests' times.</summary>
    private static CounterStatus StateOf(CounterKey key, CounterWindow window, DateTimeOffset now)
    {
        CounterWindow copy = window.Copy();
        copy.MoveTo(copy.Latest > now ? copy.Latest.Value : now);
        return new CounterStatus(key, copy.UsedMillionths, copy.Expires!.Value);
    }

    /// <summary>As <see cref="CounterRequest.Owner"/> has it: the digest, which is of one length, before the session.</summary>
    private static string? OwnerOf(CounterKey key) =>
        key.Partition is null ? key.SessionId : string.Concat(key.Partition, key.SessionId);

    private static CounterKey KeyOf(CounterDefinition definition, string? grantId, string? owner) => definition.IsPartitioned
        ? new CounterKey(definition, grantId, owner![CounterKey.PartitionLength..], owner[..CounterKey.PartitionLength])
        : new CounterKey(definition, grantId, owner);
}
