namespace PolicyLayer.Grants;

/// <summary>How a file of grants is read. Not thread-safe while it is being set up.</summary>
public sealed class GrantLoadOptions
{
    internal static GrantLoadOptions Default { get; } = new();

    /// <summary>
    /// The names of the policies that the host has, compared ordinally: a grant that names another is an error. Null, the default, accepts
    /// any name.
    /// </summary>
    public IReadOnlyCollection<string>? PolicyNames { get; set; }

    /// <summary>The largest file that is read, in bytes. 16 MiB by default, at least 1.</summary>
    public int MaxBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>How deep a file may nest; the document itself is depth 1. 64 by default, from 1 to 1,000.</summary>
    public int MaxDepth { get; set; } = 64;

    /// <summary>How many grants a file may have. 100,000 by default, at least 1.</summary>
    public int MaxGrants { get; set; } = 100_000;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxBytes);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxDepth);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxDepth, 1_000);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxGrants);
    }
}
