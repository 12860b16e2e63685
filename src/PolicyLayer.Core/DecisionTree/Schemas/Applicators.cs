using PolicyLayer.Json;

namespace PolicyLayer.DecisionTree.Schemas;

/// <summary><c>$ref</c>.</summary>
internal sealed class RefKeyword : SchemaKeyword
{
    /// <summary>Set once, when all schemas of the document are known; null only in one that isn't accepted.</summary>
    public SchemaNode? Target { get; set; }

    public override IEnumerable<SchemaNode> InPlace => Target is null ? [] : [Target];

    public override bool Holds(JsonValue value, int marks, SchemaScratch scratch) => Target!.Validate(value, marks, scratch);
}

/// <summary><c>allOf</c>.</summary>
internal sealed class AllOfKeyword(SchemaNode[] schemas) : SchemaKeyword
{
    public override IEnumerable<SchemaNode> InPlace => schemas;

    public override bool Holds(JsonValue value, int marks, SchemaScratch scratch)
    {
        foreach (SchemaNode schema in schemas)
        {
            if (!schema.Validate(value, marks, scratch))
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary><c>anyOf</c>, and <c>oneOf</c> as one that asks for exactly one.</summary>
internal sealed class AlternativesKeyword(SchemaExpectation expectation, SchemaNode[] schemas, bool exactlyOne) : SchemaKeyword
{
    public override IEnumerable<SchemaNode> InPlace => schemas;

    public override bool Holds(JsonValue value, int marks, SchemaScratch scratch)
    {
        int met = 0;
        scratch.BeginQuiet();
        foreach (SchemaNode schema in schemas)
        {
            met += MeetsAlone(schema, value, marks, scratch) ? 1 : 0;

            // Whoever asks for marks needs those of every alternative that is met.
            if (exactlyOne ? met > 1 : met > 0 && marks == 0)
            {
                break;
            }
        }

        scratch.EndQuiet();
        return (exactlyOne ? met == 1 : met > 0) || scratch.Fail(expectation);
    }

    /// <summary>Whether a schema is met; only then do its marks count.</summary>
    internal static bool MeetsAlone(SchemaNode schema, JsonValue value, int marks, SchemaScratch scratch)
    {
        if (marks == 0)
        {
            return schema.Validate(value, 0, scratch);
        }

        if (!scratch.SpendLookup(value))
        {
            return false;
        }

        int own = scratch.Marks.PushLike(marks);
        bool met = schema.Validate(value, own, scratch);
        if (met)
        {
            scratch.Marks.Merge(own, marks);
        }

        scratch.Marks.Pop(own);
        return met;
    }
}

/// <summary><c>not</c>.</summary>
internal sealed class NotKeyword(SchemaExpectation expectation, SchemaNode schema) : SchemaKeyword
{
    public override IEnumerable<SchemaNode> InPlace => [schema];

    public override bool Holds(JsonValue value, int marks, SchemaScratch scratch)
    {
        scratch.BeginQuiet();
        bool met = schema.Validate(value, 0, scratch);
        scratch.EndQuiet();
        return !met || scratch.Fail(expectation);
    }
}

/// <summary><c>if</c>, <c>then</c>, <c>else</c>.</summary>
internal sealed class ConditionalKeyword(SchemaNode condition, SchemaNode? then, SchemaNode? otherwise) : SchemaKeyword
{
    public override IEnumerable<SchemaNode> InPlace =>
        new[] { condition, then, otherwise }.OfType<SchemaNode>();

    public override bool Holds(JsonValue value, int marks, SchemaScratch scratch)
    {
        scratch.BeginQuiet();
        bool met = AlternativesKeyword.MeetsAlone(condition, value, marks, scratch);
        scratch.EndQuiet();
        SchemaNode? next = met ? then : otherwise;
        return next is null || next.Validate(value, marks, scratch);
    }
}
