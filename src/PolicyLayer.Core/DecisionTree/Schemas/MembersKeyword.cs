using PolicyLayer.Json;
using PolicyLayer.Regexes;

namespace PolicyLayer.DecisionTree.Schemas;

/// <summary>
/// A name that a schema declares: in <c>properties</c>, then with a schema; in <c>required</c>, then with what fails without it; or in
/// both.
/// </summary>
internal sealed record DeclaredMember(string Name, SchemaNode? Schema, SchemaExpectation? Missing);

/// <summary>A subschema for the members whose names match.</summary>
internal sealed record PatternMember(LinearRegex Pattern, SchemaNode Schema);

/// <summary>
/// <c>properties</c>, <c>patternProperties</c>, <c>additionalProperties</c>, <c>propertyNames</c> and <c>required</c>, in one pass over
/// the object's members.
/// </summary>
internal sealed class MembersKeyword(
    DeclaredMember[] declared, PatternMember[] patterns, SchemaNode? additional, SchemaNode? propertyNames) : SchemaKeyword
{
    private readonly DeclaredNames _names = new([.. declared.Select(member => member.Name)]);
    private readonly int _required = declared.Count(member => member.Missing is not null);

    public override bool Holds(JsonValue value, int marks, SchemaScratch scratch)
    {
        int position = 0;
        int required = 0;
        int expected = 0;
        foreach (JsonValue.Property property in value.EnumerateProperties())
        {
            if (!scratch.SpendText(property.Name.Raw.Length))
            {
                return false;
            }

            int found = _names.Find(property.Name, expected, scratch.Text);
            DeclaredMember? member = null;
            if (found >= 0)
            {
                expected = found + 1;
                member = declared[found];
                required += member.Missing is null ? 0 : 1;
            }

            if (!HoldsFor(property, member, marks, position, scratch))
            {
                return scratch.FailWithin(member?.Name);
            }

            position++;
        }

        return required == _required || FailMissing(value, scratch);
    }

    private bool HoldsFor(JsonValue.Property property, DeclaredMember? member, int marks, int position, SchemaScratch scratch)
    {
        bool isEvaluated = false;
        if (member?.Schema is { } schema)
        {
            isEvaluated = true;
            if (!schema.Validate(property.Value, 0, scratch))
            {
                return false;
            }
        }

        if (patterns.Length > 0 && !PatternsHold(property, scratch, ref isEvaluated))
        {
            return false;
        }

        if (!isEvaluated && additional is not null)
        {
            isEvaluated = true;
            if (!additional.Validate(property.Value, 0, scratch))
            {
                return false;
            }
        }

        if (isEvaluated && marks != 0)
        {
            scratch.Marks.Mark(marks, position);
        }

        return propertyNames is null || propertyNames.Validate(NameOf(property), 0, scratch);
    }

    private bool PatternsHold(JsonValue.Property property, SchemaScratch scratch, ref bool isEvaluated)
    {
        foreach (PatternMember pattern in patterns)
        {
            // Decoded anew each time: what the pattern's schema reads may use the same buffer.
            if (scratch.SpendText(property.Name.Raw.Length) && !scratch.Finds(pattern.Pattern, property.Name))
            {
                continue;
            }

            isEvaluated = true;
            if (!pattern.Schema.Validate(property.Value, 0, scratch))
            {
                return false;
            }
        }

        return true;
    }

    private bool FailMissing(JsonValue value, SchemaScratch scratch)
    {
        for (int i = 0; i < declared.Length && scratch.Records; i++)
        {
            if (declared[i].Missing is { } missing && scratch.SpendLookup(value) && !value.TryGetProperty(_names[i], out _))
            {
                return scratch.Fail(missing);
            }
        }

        return false;
    }

    private static JsonValue NameOf(JsonValue.Property property)
    {
        JsonValue value = property.Value;
        return new JsonValue(value.Text, value.Tape, value.Index - 1);
    }
}
