namespace PolicyLayer.Cli.Approvals;

/// <summary>A person's answer.</summary>
/// <param name="IsApproved">Whether it approves; else it refuses.</param>
internal sealed record PersonAnswer(bool IsApproved)
{
    /// <summary>Why; null for no words.</summary>
    public string? Reason { get; init; }

    /// <summary>Whether it covers this very call, once, and no other.</summary>
    public bool IsOnce { get; init; }

    /// <summary>How many calls it covers; null for as many as were asked for.</summary>
    public int? Uses { get; init; }

    /// <summary>For how long; null for as long as was asked for.</summary>
    public TimeSpan? ValidFor { get; init; }
}
