namespace PolicyLayer.Approvals;

/// <summary>Which request a protected content belongs to. An immutable value that may grow.</summary>
public readonly struct ProtectedApproval
{
    /// <summary>Names a request.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="binding">What it is bound to, as in <see cref="ApprovalRequest.Binding"/>.</param>
    /// <param name="exactBinding">What its very call is bound to, as in <see cref="ApprovalRequest.ExactBinding"/>.</param>
    /// <exception cref="ArgumentException">An argument is null or empty.</exception>
    public ProtectedApproval(string id, string binding, string exactBinding)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        ArgumentException.ThrowIfNullOrEmpty(binding);
        ArgumentException.ThrowIfNullOrEmpty(exactBinding);
        Id = id;
        Binding = binding;
        ExactBinding = exactBinding;
    }

    /// <summary>The request's id.</summary>
    public string Id { get; }

    /// <summary>What it is bound to.</summary>
    public string Binding { get; }

    /// <summary>What its very call is bound to.</summary>
    public string ExactBinding { get; }
}
