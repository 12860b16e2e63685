namespace PolicyLayer.Approvals;

/// <summary>Which approval is looked up, and when. An immutable value that may grow.</summary>
public readonly struct ApprovalQuery
{
    /// <summary>Asks for an approval.</summary>
    /// <param name="time">The host's clock. A store may keep its own time instead.</param>
    /// <param name="id">Its id: any text.</param>
    /// <exception cref="ArgumentNullException"><paramref name="id"/> is null.</exception>
    public ApprovalQuery(DateTimeOffset time, string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        Time = time;
        Id = id;
    }

    /// <summary>The host's clock.</summary>
    public DateTimeOffset Time { get; }

    /// <summary>The approval's id.</summary>
    public string Id { get; }
}
