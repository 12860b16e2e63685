using PolicyLayer.Text;

namespace PolicyLayer.DecisionTree.Schemas;

/// <summary>What asks that no name is given but known ones, which a failure lists. The words are made when it fails.</summary>
/// <param name="Owner">Where the schema <c>false</c> of all other names stands.</param>
internal abstract record ClosedExpectation(Place Owner) : SchemaExpectation(Owner, null, "")
{
    /// <summary>The known name from which the one that was given differs only by case; null where there is none.</summary>
    public string? Meant { get; init; }

    private string Hint => Meant is null ? "" : $", spelt exactly so: a name differs from {Quoted.Of(Meant)} only by case";

    public override string Describe(string instance)
    {
        string owner = instance[..instance.LastIndexOf('/')];
        string where = owner.Length == 0 ? "" : $" in {Quoted.Of(owner)}";
        var names = new List<string>();
        var patterns = new List<string>();
        AddKnown(names, patterns);
        string[] all = [.. names.Select(Quoted.Of), .. patterns.Select(pattern => $"names that match {Quoted.Of(pattern)}")];
        return all.Length == 0 ? $"Nothing may be given{where}." : $"Only {Listing.Cut(all)} may be given{where}{Hint}.";
    }

    /// <summary>Adds the names that may be given, and the patterns that other names may match.</summary>
    protected abstract void AddKnown(List<string> names, List<string> patterns);
}

/// <summary><c>additionalProperties: false</c>: the names that the schema object itself declares.</summary>
/// <param name="Owner">Where the keyword's value stands.</param>
/// <param name="Names">The names, in the schema's order.</param>
/// <param name="Patterns">What other names may match.</param>
internal sealed record ClosedObjectExpectation(Place Owner, string[] Names, string[] Patterns) : ClosedExpectation(Owner)
{
    protected override void AddKnown(List<string> names, List<string> patterns)
    {
        names.AddRange(Names);
        patterns.AddRange(Patterns);
    }
}

/// <summary><c>unevaluatedProperties: false</c>: the names that the schemas of the same object declare.</summary>
/// <param name="Owner">Where the keyword's value stands.</param>
/// <param name="Neighbours">The keywords beside it.</param>
internal sealed record UnevaluatedExpectation(Place Owner, SchemaKeyword[] Neighbours) : ClosedExpectation(Owner)
{
    protected override void AddKnown(List<string> names, List<string> patterns)
    {
        // Each keyword once: references may lead back.
        var seen = new HashSet<SchemaKeyword>(Neighbours, ReferenceEqualityComparer.Instance);
        var next = new Queue<SchemaKeyword>(Neighbours);
        while (next.TryDequeue(out SchemaKeyword? keyword))
        {
            if (keyword is MembersKeyword members)
            {
                names.AddRange(members.Names.Except(names));
                patterns.AddRange(members.Patterns.Except(patterns));
            }

            foreach (SchemaKeyword inner in keyword is NotKeyword ? [] : keyword.InPlace.SelectMany(schema => schema.Keywords))
            {
                if (seen.Add(inner))
                {
                    next.Enqueue(inner);
                }
            }
        }
    }
}
