namespace PolicyLayer.Cli.Commands;

/// <summary>What <c>check</c> was asked to do.</summary>
internal sealed record CheckOptions
{
    public required string Policy { get; init; }

    /// <summary>The files of further policies, which grants may name.</summary>
    public required IReadOnlyList<string> FurtherPolicies { get; init; }

    /// <summary>The file of grants; null where every grant is known.</summary>
    public string? Grants { get; init; }

    public string? Tool { get; init; }

    public string? Arguments { get; init; }

    public string? Grant { get; init; }

    public string? Session { get; init; }

    public int Repeat { get; init; }

    /// <summary>The file of calls, <c>-</c> for standard input; null when one tool is named.</summary>
    public string? Calls { get; init; }

    public required string Counters { get; init; }

    /// <summary>The store of approvals; null where they live in that of the counters.</summary>
    public string? Approvals { get; init; }

    /// <summary>Whether a lasting store keeps what people approve in clear.</summary>
    public bool PlainApprovals { get; init; }

    /// <summary>The file of the host's keys; null where a variable may hold them.</summary>
    public string? Keys { get; init; }

    /// <summary>The log; null where none is written.</summary>
    public string? Audit { get; init; }

    /// <summary>The file of the private key that signs it; null where it isn't signed.</summary>
    public string? AuditKey { get; init; }

    /// <summary>Whether each call is explained.</summary>
    public bool Explain { get; init; }

    public bool Json { get; init; }
}
