using PolicyLayer.Json.Values;
using PolicyLayer.Text;

namespace PolicyLayer.DecisionTree.Schemas;

/// <summary>
/// One compiled schema: for each kind of value the keywords that it has to meet. Immutable, safe for any number of threads.
/// </summary>
internal sealed class SchemaNode
{
    private const int Kinds = (int)JsonKind.Name + 1;

    private readonly SchemaKindRules[] _rules = new SchemaKindRules[Kinds];

    /// <param name="rulesOf">The keywords for values of one kind, <c>type</c> included.</param>
    public SchemaNode(Func<JsonKind, SchemaKindRules> rulesOf)
    {
        for (JsonKind kind = JsonKind.Null; kind <= JsonKind.Object; kind++)
        {
            _rules[(int)kind] = rulesOf(kind);
        }

        _rules[(int)JsonKind.None] = _rules[(int)JsonKind.Null];
        _rules[(int)JsonKind.Name] = _rules[(int)JsonKind.String];
    }

    /// <summary>All keywords, each once.</summary>
    public IEnumerable<SchemaKeyword> Keywords => _rules.SelectMany(rules => rules.Keywords).Distinct();

    /// <summary>
    /// Whether the value meets the schema; if not, the scratch describes the failure. Nothing is allocated for a value that does,
    /// once the scratch is warm, but by the format <c>regex</c> and by divisors of more than 18 digits. A value that takes more work
    /// than the call may take, or that can't be judged for names that differ by case, doesn't meet the schema.
    /// </summary>
    public bool Validate(JsonValue instance, SchemaScratch scratch)
    {
        scratch.Begin();
        bool valid = Validate(instance, 0, scratch);
        if (valid && scratch.IsInDoubt)
        {
            // A second time, to find out which keyword it was: that is only known to decide now that nothing fails.
            scratch.Begin(explainsDoubt: true);
            Validate(instance, 0, scratch);
            valid = false;
        }

        return valid && !scratch.IsExhausted;
    }

    /// <summary>
    /// Judges a value apart from all else that is judged: the doubt of this schema isn't its neighbours', and its marks count only
    /// where it is met.
    /// </summary>
    internal Judgement JudgeAlone(JsonValue value, int marks, SchemaScratch scratch)
    {
        bool doubtBefore = scratch.IsInDoubt;
        scratch.IsInDoubt = false;
        Judgement judged = marks == 0 ? Judge(value, 0, scratch) : JudgeWithMarks(value, marks, scratch);
        scratch.IsInDoubt = doubtBefore;
        return judged;
    }

    internal bool Validate(JsonValue value, int marks, SchemaScratch scratch)
    {
        if (!scratch.Enter())
        {
            return false;
        }

        ref readonly SchemaKindRules rules = ref _rules[(int)value.Kind];
        bool valid = rules.AsksForMarks
            ? HoldWithOwnMarks(rules.Keywords, value, marks, scratch)
            : Hold(rules.Keywords, value, marks, scratch);
        scratch.Leave();
        return valid;
    }

    private Judgement Judge(JsonValue value, int marks, SchemaScratch scratch)
    {
        if (!Validate(value, marks, scratch))
        {
            return Judgement.False;
        }

        return scratch.IsInDoubt ? Judgement.Unjudgeable : Judgement.True;
    }

    private Judgement JudgeWithMarks(JsonValue value, int marks, SchemaScratch scratch)
    {
        if (!scratch.SpendMarks(marks))
        {
            return Judgement.False;
        }

        int own = scratch.Marks.PushLike(marks);
        Judgement judged = Judge(value, own, scratch);
        if (judged == Judgement.True)
        {
            scratch.Marks.Merge(own, marks);
        }
        else if (judged == Judgement.Unjudgeable)
        {
            scratch.Marks.Doubt(marks);
        }

        scratch.Marks.Pop(own);
        return judged;
    }

    private static bool Hold(SchemaKeyword[] keywords, JsonValue value, int marks, SchemaScratch scratch)
    {
        foreach (SchemaKeyword keyword in keywords)
        {
            if (!keyword.Holds(value, marks, scratch))
            {
                return false;
            }
        }

        return true;
    }

    private static bool HoldWithOwnMarks(SchemaKeyword[] keywords, JsonValue value, int outer, SchemaScratch scratch)
    {
        int children = scratch.CountChildren(value);
        if (scratch.IsExhausted)
        {
            return false;
        }

        // A frame of its own: what neighbours of this schema evaluated is none of its business.
        int own = scratch.Marks.Push(children);
        bool valid = Hold(keywords, value, own, scratch);
        if (valid && outer != 0)
        {
            scratch.Marks.Merge(own, outer);
        }

        scratch.Marks.Pop(own);
        return valid;
    }
}
