namespace PolicyLayer.DecisionTree.Approvals;

/// <summary>A fact of the host's that an entry reads.</summary>
/// <param name="Place">The place of its path in the entry's table.</param>
/// <param name="Text">The path as policies write it, up to its first <c>[*]</c>.</param>
internal readonly record struct ContextPath(int Place, string Text);
