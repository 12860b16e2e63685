using PolicyLayer.Json.Values;

namespace PolicyLayer.DecisionTree.Schemas;

/// <summary>A keyword of one schema, or several that are judged together. Immutable once compiled.</summary>
internal abstract class SchemaKeyword
{
    /// <summary>The subschemas that judge the same value as this keyword does.</summary>
    public virtual IEnumerable<SchemaNode> InPlace => [];

    /// <summary>Whether the keyword holds; false is recorded in the scratch. Only called for the kinds that the keyword is about.</summary>
    /// <param name="value">The value, or a name in the place of a string.</param>
    /// <param name="marks">The frame that notes which children were evaluated; 0 when nobody asks.</param>
    /// <param name="scratch">The call's own.</param>
    public abstract bool Holds(JsonValue value, int marks, SchemaScratch scratch);
}
