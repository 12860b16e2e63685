using PolicyLayer.Calls;
using PolicyLayer.Json.Values;
using PolicyLayer.Regexes;
using PolicyLayer.Text;

namespace PolicyLayer.DecisionTree.Schemas;

/// <summary>A subschema for the members whose names match.</summary>
/// <param name="Pattern">The pattern.</param>
/// <param name="Source">The pattern as it is written.</param>
/// <param name="Schema">The subschema.</param>
internal sealed record PatternMember(LinearRegex Pattern, string Source, SchemaNode Schema);

/// <summary>
/// <c>properties</c>, <c>patternProperties</c>, <c>additionalProperties</c>, <c>propertyNames</c> and <c>required</c>, in one pass over
/// the object's members; and the keywords for members that depend on others, which declare names too. A keyword is unjudgeable where a
/// name that its schema doesn't declare differs only by case from one that the keyword declares: a server that sets case aside would
/// read that member in the other's place.
/// </summary>
/// <param name="owner">Where the schema stands.</param>
/// <param name="declared">All names that the schema declares, each once.</param>
/// <param name="patterns"><c>patternProperties</c>.</param>
/// <param name="additional"><c>additionalProperties</c>.</param>
/// <param name="propertyNames"><c>propertyNames</c>.</param>
/// <param name="dependents">The keywords that depend on members.</param>
internal sealed class MembersKeyword(
    Place owner,
    DeclaredMember[] declared,
    PatternMember[] patterns,
    SchemaNode? additional,
    SchemaNode? propertyNames,
    DependentKeyword[] dependents) : SchemaKeyword
{
    private static readonly (DeclaringKeywords Flag, string Name)[] Declaring =
    [
        (DeclaringKeywords.Properties, "properties"),
        (DeclaringKeywords.Required, "required"),
        (DeclaringKeywords.DependentRequired, "dependentRequired"),
        (DeclaringKeywords.DependentSchemas, "dependentSchemas"),
        (DeclaringKeywords.Dependencies, "dependencies"),
    ];

    private readonly DeclaredNames _names = new([.. declared.Select(member => member.Name)]);
    private readonly int _required = declared.Count(member => member.Missing is not null);

    /// <summary>The names that <c>properties</c> has.</summary>
    public IEnumerable<string> Names => declared.Where(member => member.Schema is not null).Select(member => member.Name);

    /// <summary>What <c>patternProperties</c> has.</summary>
    public IEnumerable<string> Patterns => patterns.Select(pattern => pattern.Source);

    public override IEnumerable<SchemaNode> InPlace => dependents.SelectMany(keyword => keyword.InPlace);

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

            int found = _names.Find(property.Name, expected, scratch);
            DeclaredMember? member = null;
            if (found >= 0)
            {
                expected = found + 1;
                member = declared[found];
                required += member.Missing is null ? 0 : 1;
            }

            if (found == DeclaredNames.CaseVariant || !HoldsFor(property, member, marks, position, scratch))
            {
                return FindKeywordsInDoubt(value, scratch) is not DeclaringKeywords.None and var inDoubt
                    ? HoldsInDoubt(value, inDoubt, marks, scratch)
                    : scratch.FailWithin(member?.Name);
            }

            position++;
        }

        return required == _required ? DependentsHold(value, DeclaringKeywords.None, marks, scratch) : FailMissing(value, scratch);
    }

    private bool HoldsFor(JsonValue.Property property, DeclaredMember? member, int marks, int position, SchemaScratch scratch) =>
        (member?.Schema is not { } schema || schema.Validate(property.Value, 0, scratch))
        && OthersHoldFor(property, member?.Schema is not null, marks, position, scratch);

    /// <summary>Whether the other keywords than <c>properties</c> hold for a member.</summary>
    private bool OthersHoldFor(JsonValue.Property property, bool isEvaluated, int marks, int position, SchemaScratch scratch)
    {
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
            if (!scratch.Finds(pattern.Pattern, property.Name))
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

    private bool DependentsHold(JsonValue value, DeclaringKeywords inDoubt, int marks, SchemaScratch scratch)
    {
        foreach (DependentKeyword dependent in dependents)
        {
            if ((dependent.Keyword & inDoubt) == 0 && !dependent.Holds(value, marks, scratch))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Which keywords declare a name that one of the object's differs from only by case.</summary>
    private DeclaringKeywords FindKeywordsInDoubt(JsonValue value, SchemaScratch scratch)
    {
        var inDoubt = DeclaringKeywords.None;
        if (_names.Count == 0)
        {
            return inDoubt;
        }

        int expected = 0;
        foreach (JsonValue.Property property in value.EnumerateProperties())
        {
            if (!scratch.SpendText(property.Name.Raw.Length))
            {
                return DeclaringKeywords.None;
            }

            int found = _names.Find(property.Name, expected, scratch);
            expected = found + 1;
            if (found == DeclaredNames.CaseVariant)
            {
                inDoubt |= KeywordsOf(property.Name, scratch);
            }
        }

        return inDoubt;
    }

    private DeclaringKeywords KeywordsOf(JsonString variant, SchemaScratch scratch)
    {
        var keywords = DeclaringKeywords.None;
        for (int i = _names.FindVariant(variant, -1, scratch); i >= 0; i = _names.FindVariant(variant, i, scratch))
        {
            keywords |= declared[i].Keywords;
        }

        return keywords;
    }

    /// <summary>
    /// Judges again, now that some keywords are known to be unjudgeable: what the others say of a declared or a varied name is in doubt
    /// itself, unless it denies at once.
    /// </summary>
    private bool HoldsInDoubt(JsonValue value, DeclaringKeywords inDoubt, int marks, SchemaScratch scratch)
    {
        scratch.Forget();
        foreach ((DeclaringKeywords flag, string name) in Declaring)
        {
            if ((inDoubt & flag) != 0 && !scratch.Doubt(owner, name, scratch.ExplainsDoubt ? FindMeant(value, scratch) : null))
            {
                return false;
            }
        }

        if (marks != 0)
        {
            scratch.Marks.Doubt(marks);
        }

        if (!MembersHoldInDoubt(value, inDoubt, marks, scratch, out int required))
        {
            return false;
        }

        return required == _required || (inDoubt & DeclaringKeywords.Required) != 0
            ? DependentsHold(value, inDoubt, marks, scratch)
            : FailMissing(value, scratch);
    }

    private bool MembersHoldInDoubt(JsonValue value, DeclaringKeywords inDoubt, int marks, SchemaScratch scratch, out int required)
    {
        required = 0;
        int position = 0;
        int expected = 0;
        bool judgesProperties = (inDoubt & DeclaringKeywords.Properties) == 0;
        foreach (JsonValue.Property property in value.EnumerateProperties())
        {
            if (!scratch.SpendText(property.Name.Raw.Length))
            {
                return false;
            }

            int found = _names.Find(property.Name, expected, scratch);
            expected = found + 1;
            DeclaredMember? member = found < 0 ? null : declared[found];
            required += member?.Missing is null ? 0 : 1;
            if (judgesProperties && member?.Schema is { } schema && !schema.Validate(property.Value, 0, scratch))
            {
                return scratch.FailWithin(member.Name);
            }

            bool decides = found == DeclaredNames.Undeclared || scratch.Records;
            if (!OthersHoldFor(property, member?.Schema is not null, marks, position, scratch) && decides)
            {
                if (found == DeclaredNames.CaseVariant && scratch.Records)
                {
                    scratch.AddMeant(NameMeantBy(property.Name, scratch));
                }

                return scratch.FailWithin(member?.Name);
            }

            position++;
        }

        return true;
    }

    /// <summary>Records all names that are missing, as far as the words of a denial may take.</summary>
    private bool FailMissing(JsonValue value, SchemaScratch scratch)
    {
        if (!scratch.Records || scratch.IsExhausted)
        {
            return false;
        }

        // INVARIANT: words change no decision: what they cost isn't the call's.
        long left = scratch.Work.Left;
        scratch.Work.Left = WorkBudget.ForWords;
        var names = new List<string>();
        for (int i = 0; i < declared.Length && names.Count <= Listing.Enough && scratch.Work.TrySpend(StepCosts.Child); i++)
        {
            if (declared[i].Missing is not null && !value.TryGetProperty(_names[i].Utf8, scratch.Work, out _))
            {
                names.Add(Quoted.Of(declared[i].Name));
            }
        }

        scratch.Work.Left = left;
        SchemaExpectation any = Array.Find(declared, member => member.Missing is not null)!.Missing!;
        string all = names.Count == 0 ? "every name that is required" : Listing.Cut(names);
        return scratch.Fail(any with { Text = "must have " + all });
    }

    /// <summary>The first declared name from which one of the object's differs only by case.</summary>
    private string? FindMeant(JsonValue value, SchemaScratch scratch)
    {
        foreach (JsonValue.Property property in value.EnumerateProperties())
        {
            long left = scratch.Work.Left;
            bool isVariant = _names.Find(property.Name, 0, scratch) == DeclaredNames.CaseVariant;
            scratch.Work.Left = left;
            if (isVariant)
            {
                return NameMeantBy(property.Name, scratch);
            }
        }

        return null;
    }

    private string NameMeantBy(JsonString variant, SchemaScratch scratch)
    {
        long left = scratch.Work.Left;
        int found = _names.FindVariant(variant, -1, scratch);
        scratch.Work.Left = left;
        return declared[found].Name;
    }

    private static JsonValue NameOf(JsonValue.Property property)
    {
        JsonValue value = property.Value;
        return new JsonValue(value.Text, value.Tape, value.Index - 1);
    }
}
