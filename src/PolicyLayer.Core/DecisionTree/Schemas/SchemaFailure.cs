using PolicyLayer.Text;

namespace PolicyLayer.DecisionTree.Schemas;

/// <summary>
/// Why arguments don't meet a schema. Holds nothing of what the agent sent, neither values nor names that the schema doesn't declare.
/// </summary>
/// <param name="Place">Where the failing keyword stands, in the schema that judged.</param>
/// <param name="Instance">The JSON Pointer of the value that failed, with <c>*</c> for names that the schema doesn't declare.</param>
/// <param name="Message">One sentence that names the value's place and what was expected.</param>
internal sealed record SchemaFailure(Place Place, string Instance, string Message);
