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

        // No more of them than are told: a schema may have many, and a call costs little.
        IEnumerable<string> known =
            Names().Select(Quoted.Of).Concat(Patterns().Select(pattern => $"names that match {Quoted.Of(pattern)}"));
        string[] told = [.. known.Distinct(StringComparer.Ordinal).Take(Listing.Enough + 1)];
        return told.Length == 0 ? $"Nothing may be given{where}." : $"Only {Listing.Cut(told)} may be given{where}{Hint}.";
    }

    /// <summary>The names that may be given.</summary>
    protected abstract IEnumerable<string> Names();

    /// <summary>The patterns that other names may match.</summary>
    protected abstract IEnumerable<string> Patterns();
}

/// <summary><c>additionalProperties: false</c>: the names that the schema object itself declares.</summary>
/// <param name="Owner">Where the keyword's value stands.</param>
/// <param name="Declared">The names, in the schema's order.</param>
/// <param name="Matched">What other names may match.</param>
internal sealed record ClosedObjectExpectation(Place Owner, string[] Declared, string[] Matched) : ClosedExpectation(Owner)
{
    protected override IEnumerable<string> Names() => Declared;

    protected override IEnumerable<string> Patterns() => Matched;
}

/// <summary><c>unevaluatedProperties: false</c>: the names that the schemas of the same object declare.</summary>
/// <param name="Owner">Where the keyword's value stands.</param>
/// <param name="Neighbours">The keywords beside it.</param>
internal sealed record UnevaluatedExpectation(Place Owner, SchemaKeyword[] Neighbours) : ClosedExpectation(Owner)
{
    /// <summary>So many keywords are looked through.</summary>
    private const int MaxKeywords = 1_000;

    protected override IEnumerable<string> Names() => Members().SelectMany(members => members.Names);

    protected override IEnumerable<string> Patterns() => Members().SelectMany(members => members.Patterns);

    private IEnumerable<MembersKeyword> Members()
    {
        // Each keyword once: references may lead back.
        var seen = new HashSet<SchemaKeyword>(Neighbours, ReferenceEqualityComparer.Instance);
        var next = new Queue<SchemaKeyword>(Neighbours);
        while (seen.Count <= MaxKeywords && next.TryDequeue(out SchemaKeyword? keyword))
        {
            if (keyword is MembersKeyword members)
            {
                yield return members;
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
