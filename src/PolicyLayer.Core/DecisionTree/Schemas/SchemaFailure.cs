namespace PolicyLayer.DecisionTree.Schemas;

/// <summary>Why arguments don't meet a schema. Holds nothing of what the agent sent, neither values nor names that the schema doesn't declare.</summary>
/// <param name="Rule">The failing keyword's JSON Pointer inside the policy.</param>
/// <param name="Instance">The JSON Pointer of the value that failed, with <c>*</c> for names that the schema doesn't declare.</param>
/// <param name="Message">One sentence that names the value's place and what was expected.</param>
internal sealed record SchemaFailure(string Rule, string Instance, string Message);
