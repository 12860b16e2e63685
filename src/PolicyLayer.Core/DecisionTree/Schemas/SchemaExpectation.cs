using PolicyLayer.Text;

namespace PolicyLayer.DecisionTree.Schemas;

/// <summary>What a keyword asks of a value.</summary>
/// <param name="Owner">Where what owns the keyword stands, in the schema that is judged as a whole.</param>
/// <param name="Member">The keyword, or the name in it; null for the owner itself.</param>
/// <param name="Text">The words for it, as in <c>must be a string</c>.</param>
internal record SchemaExpectation(Place Owner, string? Member, string Text)
{
    public Place Place => Member is null ? Owner : Owner.Member(Member);

    /// <summary>One sentence on a value that doesn't meet it.</summary>
    /// <param name="instance">The JSON Pointer of the value, with <c>*</c> for names that the schema doesn't declare.</param>
    public virtual string Describe(string instance) => $"{(instance.Length == 0 ? "The arguments" : Quoted.Of(instance))} {Text}.";
}
