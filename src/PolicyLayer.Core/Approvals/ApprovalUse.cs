namespace PolicyLayer.Approvals;

/// <summary>One use of an approval, to spend or to give back. An immutable value that may grow.</summary>
public readonly struct ApprovalUse
{
    /// <summary>Describes a use.</summary>
    /// <param name="time">The host's clock. A store may keep its own time instead.</param>
    /// <param name="id">The approval.</param>
    /// <param name="binding">What the call is bound to, as in <see cref="ApprovalRequest.Binding"/>.</param>
    /// <param name="exactBinding">What the very call is bound to, as in <see cref="ApprovalRequest.ExactBinding"/>.</param>
    /// <exception cref="ArgumentException">The id or a binding is null or empty.</exception>
    public ApprovalUse(DateTimeOffset time, string id, string binding, string exactBinding)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        ArgumentException.ThrowIfNullOrEmpty(binding);
        ArgumentException.ThrowIfNullOrEmpty(exactBinding);
        Time = time;
        Id = id;
        Binding = binding;
        ExactBinding = exactBinding;
    }

    /// <summary>The host's clock.</summary>
    public DateTimeOffset Time { get; }

    /// <summary>The approval.</summary>
    public string Id { get; }

    /// <summary>What the call is bound to.</summary>
    public string Binding { get; }

    /// <summary>What the very call is bound to: it counts where the approval was narrowed to one call.</summary>
    public string ExactBinding { get; }

    /// <summary>The same at another time.</summary>
    internal ApprovalUse At(DateTimeOffset time) => new(time, Id, Binding, ExactBinding);
}
