using PolicyLayer.Calls;
using PolicyLayer.Json.Values;

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
        int doubtful = 0;
        int position = 0;
        scratch.BeginQuiet();
        foreach (JsonValue element in value.EnumerateElements())
        {
            Judgement judged = schema.JudgeAlone(element, 0, scratch);
            found += judged == Judgement.True ? 1 : 0;
            doubtful += judged == Judgement.Unjudgeable ? 1 : 0;
            if (marks != 0)
            {
                Mark(judged, marks, position, scratch);
            }

            if (scratch.IsExhausted || (marks == 0 && found >= min && tooMany is null) || found > max)
            {
                break;
            }

            position++;
        }

        scratch.EndQuiet();
        return AreEnough(found, doubtful, scratch) && AreNotTooMany(found, doubtful, scratch);
    }

    private bool AreEnough(int found, int doubtful, SchemaScratch scratch)
    {
        if (found >= min || tooFew is null)
        {
            return true;
        }

        return found + doubtful >= min ? scratch.Doubt(tooFew.Owner, tooFew.Member) : scratch.Fail(tooFew);
    }

    private bool AreNotTooMany(int found, int doubtful, SchemaScratch scratch)
    {
        if (found + doubtful <= max || tooMany is null)
        {
            return true;
        }

        return found <= max ? scratch.Doubt(tooMany.Owner, tooMany.Member) : scratch.Fail(tooMany);
    }

    private static void Mark(Judgement judged, int marks, int position, SchemaScratch scratch)
    {
        if (judged == Judgement.True)
        {
            scratch.Marks.Mark(marks, position);
        }
        else if (judged == Judgement.Unjudgeable)
        {
            scratch.Marks.Doubt(marks);
        }
    }
}

/// <summary><c>uniqueItems</c>.</summary>
internal sealed class UniqueItemsKeyword(SchemaExpectation expectation) : SchemaKeyword
{
    public override bool Holds(JsonValue value, int marks, SchemaScratch scratch)
    {
        int count = scratch.CountChildren(value);
        return count < 2
            || (scratch.SpendHash(value) && scratch.SpendSlots(count) && scratch.Items.AreUnique(value, count, scratch.Work))
            || scratch.Fail(expectation);
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
            if (!scratch.Work.TrySpend(StepCosts.Child))
            {
                return false;
            }

            if (!scratch.Marks.IsMarked(marks, position) && !schema.Validate(element, 0, scratch) && !scratch.DoubtLeftOver(marks))
            {
                return scratch.FailWithin(position);
            }

            position++;
        }

        scratch.Marks.MarkAll(marks);
        return true;
    }
}
