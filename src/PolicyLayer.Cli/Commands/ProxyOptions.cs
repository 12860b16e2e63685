using PolicyLayer.Proxy;

namespace PolicyLayer.Cli.Commands;

/// <summary>What <c>proxy</c> was asked to do.</summary>
internal sealed record ProxyOptions
{
    public required string Policy { get; init; }

    /// <summary>The files of further policies, which grants may name.</summary>
    public required IReadOnlyList<string> FurtherPolicies { get; init; }

    /// <summary>The file of grants; null where there are none.</summary>
    public string? Grants { get; init; }

    /// <summary>Whose grant all calls use; null where the line says nothing of that.</summary>
    public string? Grant { get; init; }

    /// <summary>What approvals and records call the server; null for the policy's name.</summary>
    public string? Server { get; init; }

    /// <summary>Where counters, approvals and records are kept.</summary>
    public required StoreOptions Stores { get; init; }

    public bool HidesUncallable { get; init; }

    public int? MaxMessageBytes { get; init; }

    public TimeSpan? CallTimeout { get; init; }

    /// <summary>Where people answer, with <c>{id}</c>; null for nowhere.</summary>
    public string? ApprovalUrl { get; init; }

    public bool Json { get; init; }

    /// <summary>The server to start; null for one that is reached over HTTP.</summary>
    public UpstreamCommand? Command { get; init; }

    /// <summary>How it is served over HTTP; null over standard input and output.</summary>
    public ProxyHttpSettings? Http { get; init; }
}
