using PolicyLayer.Auditing;
using PolicyLayer.Counters;

namespace PolicyLayer;

/// <summary>What a <see cref="ToolCallAuthorizer"/> works with. Read once, when the authorizer is made.</summary>
public sealed class ToolCallAuthorizerOptions
{
    /// <summary>Where counters are kept; null for a new <see cref="InMemoryCounterStore"/>.</summary>
    public ICounterStore? Counters { get; set; }

    /// <summary>
    /// The policy that this authorizer's is a new version of, where a host that has read its document anew makes a new authorizer on the
    /// same <see cref="Counters"/>; null, the default, for none. Counters go by the policy's name: another document of that name is refused
    /// on the same store object, as the two would share their quotas, unless it is said to replace the one before. Several processes or
    /// store objects on one storage aren't compared: they may well run an older and a newer version for a time.
    /// </summary>
    public Policy? Replaces { get; set; }

    /// <summary>Where records go; each must have the record of an allow before the call may run. Empty by default.</summary>
    public IList<IAuditSink> AuditSinks { get; } = [];

    /// <summary>
    /// The grant of a call that names none, such as the one user of a desktop tool: all of them then share its quota. Null, the default,
    /// where every call must name its grant. Not empty.
    /// </summary>
    public string? DefaultGrantId { get; set; }

    /// <summary>
    /// The host's secret keys, for digests of arguments and values, which this release doesn't make yet; null, the default, for none.
    /// Processes that share a counter store are given the same ones.
    /// </summary>
    public PolicyLayerKeys? Keys { get; set; }

    /// <summary>The clock of limits and records.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>The largest arguments that are read, in bytes of UTF-8; larger ones deny. 1 MiB by default, at least 2.</summary>
    public int MaxArgumentsBytes { get; set; } = 1024 * 1024;

    /// <summary>How deep arguments may nest; the object itself is depth 1. 64 by default, from 1 to 1,000.</summary>
    public int MaxArgumentsDepth { get; set; } = 64;

    /// <summary>
    /// About how many decisions an allowed call may lie back for <see cref="IToolCallAuthorizer.CompleteAsync"/> to reach it, as threads
    /// number theirs in blocks; an older one keeps its quota spent and its outcome unrecorded. 65,536 by default, from 1 to 1,048,576; rounded up to a power of two.
    /// </summary>
    public int MaxOpenCalls { get; set; } = 65_536;

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(TimeProvider);
        if (DefaultGrantId is not null)
        {
            ArgumentException.ThrowIfNullOrEmpty(DefaultGrantId);
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(MaxArgumentsBytes, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxArgumentsDepth, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxArgumentsDepth, 1_000);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxOpenCalls, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxOpenCalls, 1_048_576);
        foreach (IAuditSink sink in AuditSinks)
        {
            ArgumentNullException.ThrowIfNull(sink);
        }
    }
}
