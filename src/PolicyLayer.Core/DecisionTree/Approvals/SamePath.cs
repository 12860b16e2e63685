namespace PolicyLayer.DecisionTree.Approvals;

/// <summary>An argument that calls must have in common to be covered by one approval.</summary>
/// <param name="Place">The place of its path in the entry's table.</param>
/// <param name="Text">The path as policies write it.</param>
internal readonly record struct SamePath(int Place, string Text);
