namespace PolicyLayer.DecisionTree;

/// <summary>An exact tool name, or the prefix before a final <c>*</c>.</summary>
internal readonly record struct ToolPattern(string Text, bool IsPrefix);
