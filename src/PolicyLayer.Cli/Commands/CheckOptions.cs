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

    /// <summary>Where counters, approvals and records are kept.</summary>
    public required StoreOptions Stores { get; init; }

    /// <summary>Whether each call is explained.</summary>
    public bool Explain { get; init; }

    public bool Json { get; init; }
}
