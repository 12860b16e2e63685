namespace PolicyLayer.Cli.Audit;

/// <summary>The log that a run writes.</summary>
internal sealed record AuditPlace
{
    public required string File { get; init; }

    /// <summary>The file of the private key that signs it; null where it isn't signed.</summary>
    public string? Key { get; init; }

    /// <summary>The file is rotated before it would have more bytes; null for never.</summary>
    public long? MaxBytes { get; init; }

    /// <summary>How many rotated files are kept; null for all.</summary>
    public int? Keep { get; init; }
}
