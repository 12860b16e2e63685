namespace PolicyLayer.DecisionTree.Schemas;

/// <summary>A name that a schema declares.</summary>
/// <param name="Name">The name.</param>
/// <param name="Keywords">Where it is declared.</param>
/// <param name="Schema">The subschema, in <c>properties</c>.</param>
/// <param name="Missing">What fails without the member, in <c>required</c>.</param>
internal sealed record DeclaredMember(
    string Name, DeclaringKeywords Keywords, SchemaNode? Schema = null, SchemaExpectation? Missing = null);
