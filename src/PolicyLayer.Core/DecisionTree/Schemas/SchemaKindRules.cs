namespace PolicyLayer.DecisionTree.Schemas;

/// <summary>What one schema asks of values of one kind.</summary>
/// <param name="Keywords">In the order in which they are judged.</param>
/// <param name="AsksForMarks">Whether the last of them is <c>unevaluatedProperties</c> or <c>unevaluatedItems</c>.</param>
internal readonly record struct SchemaKindRules(SchemaKeyword[] Keywords, bool AsksForMarks);
