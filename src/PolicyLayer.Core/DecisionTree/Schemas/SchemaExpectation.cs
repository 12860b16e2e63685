namespace PolicyLayer.DecisionTree.Schemas;

/// <summary>What a keyword asks of a value: the keyword's JSON Pointer inside the policy, and the words for it, as in <c>must be a string</c>.</summary>
internal sealed record SchemaExpectation(string Pointer, string Text);
