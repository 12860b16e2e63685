using System.Globalization;
using System.Text;
using PolicyLayer.Text;

namespace PolicyLayer.DecisionTree.Schemas;

/// <summary>A step from a value to its child: a name that the schema declares, an element, or any other member.</summary>
/// <param name="Name">A declared name.</param>
/// <param name="Element">The element's position plus 1; 0 for a member.</param>
internal readonly record struct SchemaStep(string? Name, int Element)
{
    /// <summary>Describes a failure by the steps from the failing value up to the root.</summary>
    public static SchemaFailure Describe(SchemaExpectation failed, List<SchemaStep> innermostFirst)
    {
        var pointer = new StringBuilder();
        for (int i = innermostFirst.Count - 1; i >= 0; i--)
        {
            pointer.Append('/').Append(innermostFirst[i]);
        }

        string instance = pointer.ToString();
        return new SchemaFailure(failed.Place, instance, failed.Describe(instance));
    }

    public override string ToString() => this switch
    {
        { Element: > 0 } => (Element - 1).ToString(CultureInfo.InvariantCulture),
        { Name: { } name } => JsonPointer.Escape(name),
        _ => "*",
    };
}
