using PolicyLayer.Cli.Audit;

namespace PolicyLayer.Cli.Commands;

/// <summary>Where those who judge calls keep what lasts longer than a call.</summary>
internal sealed record StoreOptions
{
    public required string Counters { get; init; }

    /// <summary>The store of approvals; null where they live in that of the counters.</summary>
    public string? Approvals { get; init; }

    /// <summary>Whether a lasting store keeps what people approve in clear.</summary>
    public bool PlainApprovals { get; init; }

    /// <summary>The file of the host's keys; null where a variable may hold them.</summary>
    public string? Keys { get; init; }

    /// <summary>The log; null where none is written.</summary>
    public AuditPlace? Audit { get; init; }
}
