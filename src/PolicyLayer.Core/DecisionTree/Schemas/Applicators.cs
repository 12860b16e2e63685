using PolicyLayer.Json.Values;
using PolicyLayer.Text;

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

/// <summary><c>anyOf</c>: a true part decides, else an unjudgeable one.</summary>
internal sealed class AnyOfKeyword(SchemaExpectation expectation, SchemaNode[] schemas) : SchemaKeyword
{
    public override IEnumerable<SchemaNode> InPlace => schemas;

    public override bool Holds(JsonValue value, int marks, SchemaScratch scratch)
    {
        Judgement any = Judgement.False;
        scratch.BeginQuiet();
        foreach (SchemaNode schema in schemas)
        {
            any = any.Or(schema.JudgeAlone(value, marks, scratch));

            // Whoever asks for marks needs those of every alternative that is met.
            if (any == Judgement.True && marks == 0)
            {
                break;
            }
        }

        scratch.EndQuiet();
        return any switch
        {
            Judgement.True => true,
            Judgement.Unjudgeable => scratch.Doubt(expectation.Owner, expectation.Member),
            _ => scratch.Fail(expectation),
        };
    }
}

/// <summary><c>oneOf</c>: two true parts decide, else an unjudgeable one.</summary>
/// <param name="expectation">What is said of a value that meets none.</param>
/// <param name="several">What is said of one that meets several, whose values are therefore not told.</param>
/// <param name="schemas">The alternatives.</param>
internal sealed class OneOfKeyword(SchemaExpectation expectation, SchemaExpectation several, SchemaNode[] schemas) : SchemaKeyword
{
    public override IEnumerable<SchemaNode> InPlace => schemas;

    public override bool Holds(JsonValue value, int marks, SchemaScratch scratch)
    {
        int met = 0;
        bool isInDoubt = false;
        scratch.BeginQuiet();
        foreach (SchemaNode schema in schemas)
        {
            Judgement judged = schema.JudgeAlone(value, marks, scratch);
            met += judged == Judgement.True ? 1 : 0;
            isInDoubt |= judged == Judgement.Unjudgeable;
            if (met > 1)
            {
                break;
            }
        }

        scratch.EndQuiet();
        if (isInDoubt && met < 2)
        {
            return scratch.Doubt(expectation.Owner, expectation.Member);
        }

        return met == 1 || scratch.Fail(met == 0 ? expectation : several);
    }
}

/// <summary><c>not</c>: what is unjudgeable stays so.</summary>
internal sealed class NotKeyword(SchemaExpectation expectation, SchemaNode schema) : SchemaKeyword
{
    public override IEnumerable<SchemaNode> InPlace => [schema];

    public override bool Holds(JsonValue value, int marks, SchemaScratch scratch)
    {
        scratch.BeginQuiet();
        Judgement judged = schema.JudgeAlone(value, 0, scratch);
        scratch.EndQuiet();
        return judged switch
        {
            Judgement.False => true,
            Judgement.Unjudgeable => scratch.Doubt(expectation.Owner, expectation.Member),
            _ => scratch.Fail(expectation),
        };
    }
}

/// <summary><c>if</c>, <c>then</c>, <c>else</c>: where <c>if</c> is unjudgeable, both others must be true.</summary>
internal sealed class ConditionalKeyword(Place owner, SchemaNode condition, SchemaNode? then, SchemaNode? otherwise) : SchemaKeyword
{
    public override IEnumerable<SchemaNode> InPlace =>
        new[] { condition, then, otherwise }.OfType<SchemaNode>();

    public override bool Holds(JsonValue value, int marks, SchemaScratch scratch)
    {
        scratch.BeginQuiet();
        Judgement judged = condition.JudgeAlone(value, marks, scratch);
        bool isEither = judged == Judgement.Unjudgeable && IsTrue(then, value, scratch) && IsTrue(otherwise, value, scratch);
        scratch.EndQuiet();
        if (judged == Judgement.Unjudgeable)
        {
            return isEither || scratch.Doubt(owner, "if");
        }

        SchemaNode? next = judged == Judgement.True ? then : otherwise;
        return next is null || next.Validate(value, marks, scratch);
    }

    private static bool IsTrue(SchemaNode? schema, JsonValue value, SchemaScratch scratch) =>
        schema is null || schema.JudgeAlone(value, 0, scratch) == Judgement.True;
}
