using System.Text;
using PolicyLayer.Calls;
using PolicyLayer.Json.Values;

namespace PolicyLayer.DecisionTree.Schemas;

/// <summary>
/// What one member, where it is there, asks of its object. Judged by its <see cref="MembersKeyword"/>, which knows whether the names
/// that the keyword declares are in doubt.
/// </summary>
internal abstract class DependentKeyword(DeclaringKeywords keyword) : SchemaKeyword
{
    public DeclaringKeywords Keyword => keyword;
}

/// <summary><c>dependentRequired</c>, and draft-07's <c>dependencies</c> on names: one member makes others required.</summary>
internal sealed class DependentRequiredKeyword(
    DeclaringKeywords keyword, string name, (string Name, SchemaExpectation Missing)[] required) : DependentKeyword(keyword)
{
    private readonly byte[] _name = Encoding.UTF8.GetBytes(name);
    private readonly byte[][] _required = [.. required.Select(item => Encoding.UTF8.GetBytes(item.Name))];

    public override bool Holds(JsonValue value, int marks, SchemaScratch scratch)
    {
        if (!value.TryGetProperty(_name, scratch.Work, out _))
        {
            return true;
        }

        for (int i = 0; i < _required.Length && !scratch.IsExhausted; i++)
        {
            if (!value.TryGetProperty(_required[i], scratch.Work, out _))
            {
                return scratch.Fail(required[i].Missing);
            }
        }

        return true;
    }
}

/// <summary>
/// <c>dependentSchemas</c>, and draft-07's <c>dependencies</c> on schemas: one member makes the whole object subject to a schema.
/// </summary>
internal sealed class DependentSchemaKeyword(DeclaringKeywords keyword, string name, SchemaNode schema) : DependentKeyword(keyword)
{
    private readonly byte[] _name = Encoding.UTF8.GetBytes(name);

    public override IEnumerable<SchemaNode> InPlace => [schema];

    public override bool Holds(JsonValue value, int marks, SchemaScratch scratch) =>
        !value.TryGetProperty(_name, scratch.Work, out _) || schema.Validate(value, marks, scratch);
}

/// <summary><c>unevaluatedProperties</c>: judged after all its neighbours.</summary>
internal sealed class UnevaluatedPropertiesKeyword(SchemaNode schema) : SchemaKeyword
{
    public override bool Holds(JsonValue value, int marks, SchemaScratch scratch)
    {
        int position = 0;
        foreach (JsonValue.Property property in value.EnumerateProperties())
        {
            if (!scratch.Work.TrySpend(StepCosts.Child))
            {
                return false;
            }

            if (!scratch.Marks.IsMarked(marks, position) && !schema.Validate(property.Value, 0, scratch) && !scratch.DoubtLeftOver(marks))
            {
                return scratch.FailWithin(null);
            }

            position++;
        }

        scratch.Marks.MarkAll(marks);
        return true;
    }
}
