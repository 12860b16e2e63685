using PolicyLayer.Text;

namespace PolicyLayer.DecisionTree.Schemas;

/// <summary>What a keyword asks of a value.</summary>
/// <param name="Owner">Where what owns the keyword stands, in the schema that is judged as a whole.</param>
/// <param name="Member">The keyword, or the name in it; null for the owner itself.</param>
/// <param name="Text">The words for it, as in <c>must be a string</c>.</param>
internal sealed record SchemaExpectation(Place Owner, string? Member, string Text)
{
    public Place Place => Member is null ? Owner : Owner.Member(Member);
}
