namespace PolicyLayer.Tests.Model;

/// <summary>An allowed call, and those that went on with it, until its outcome is reported.</summary>
internal sealed class ModelOpen(ModelCall call, long started)
{
    public ModelCall Call => call;

    public long Started => started;

    /// <summary>The decisions, the first that was charged and those that went on.</summary>
    public List<ToolCallDecision> Decisions { get; } = [];

    /// <summary>The counter and the window that were charged; null for none.</summary>
    public (string Key, long Window)? Charge { get; set; }

    public List<ModelApprovals.Held> Approvals { get; } = [];

    /// <summary>Whether the last of them said that it may be continued.</summary>
    public bool MayContinue { get; set; }

    /// <summary>Whether a report finds it: what neither spends quota nor belongs to others is kept nowhere.</summary>
    public bool IsKept { get; set; }
}
