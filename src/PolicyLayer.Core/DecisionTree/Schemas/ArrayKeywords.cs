using PolicyLayer.Json;

namespace PolicyLayer.DecisionTree.Schemas;

/// <summary><c>prefixItems</c> and <c>items</c>; in draft-07 <c>items</c> and <c>additionalItems</c>.</summary>
internal sealed class ItemsKeyword(SchemaNode[] prefix, SchemaNode? rest) : SchemaKeyword
{
    public override bool Holds(JsonValue value, int marks, SchemaScratch scratch)
    {
        int position = 0;
        foreach (JsonValue element in value.EnumerateElements())
        {
            SchemaNode? schema = position < prefix.Length ? prefix[position] : rest;
            if (schema is null)
            {
                break;
            }

            if (!schema.Validate(element, 0, scratch))
            {
                return scratch.FailWithin(position);
            }

            if (marks != 0)
            {
                scratch.Marks.Mark(marks, position);
            }

            position++;
        }

        return true;
    }
}

/// <summary>
/// <c>contains</c> with <c>minContains</c> and <c>maxContains</c>. What too few fail is null when none is needed, what too many fail
/// when any number is allowed.
/// </summary>
internal sealed class ContainsKeyword(
    SchemaNode schema, int min, int max, SchemaExpectation? tooFew, SchemaExpectation? tooMany) : SchemaKeyword
{
    public override bool Holds(JsonValue value, int marks, SchemaScratch scratch)
    {
        int found = 0;
        int position = 0;
        scratch.BeginQuiet();
        foreach (JsonValue element in value.EnumerateElements())
        {
            if (schema.Validate(element, 0, scratch))
            {
                found++;
                if (marks != 0)
                {
                    scratch.Marks.Mark(marks, position);
                }
            }

            if (scratch.IsExhausted || (marks == 0 && found >= min && tooMany is null) || found > max)
            {
                break;
            }

            position++;
        }

        scratch.EndQuiet();
        return found < min && tooFew is not null ? scratch.Fail(tooFew)
            : found <= max || tooMany is null || scratch.Fail(tooMany);
    }
}

/// <summary><c>uniqueItems</c>.</summary>
internal sealed class UniqueItemsKeyword(SchemaExpectation expectation) : SchemaKeyword
{
    public override bool Holds(JsonValue value, int marks, SchemaScratch scratch)
    {
        int count = value.CountChildren();
        return count < 2 || (scratch.SpendReading(value) && scratch.Items.AreUnique(value, count)) || scratch.Fail(expectation);
    }
}

/// <summary><c>unevaluatedItems</c>: judged after all its neighbours.</summary>
internal sealed class UnevaluatedItemsKeyword(SchemaNode schema) : SchemaKeyword
{
    public override bool Holds(JsonValue value, int marks, SchemaScratch scratch)
    {
        int position = 0;
        foreach (JsonValue element in value.EnumerateElements())
        {
            if (!scratch.Marks.IsMarked(marks, position) && !schema.Validate(element, 0, scratch))
            {
                return scratch.FailWithin(position);
            }

            position++;
        }

        scratch.Marks.MarkAll(marks);
        return true;
    }
}
