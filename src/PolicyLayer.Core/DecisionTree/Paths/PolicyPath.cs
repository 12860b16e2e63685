using System.Globalization;
using System.Text;

namespace PolicyLayer.DecisionTree.Paths;

/// <summary>A path of a condition or limit: where it begins, and at least one step.</summary>
internal sealed class PolicyPath(PathRoot root, PathStep[] steps)
{
    public PathRoot Root => root;

    public PathStep[] Steps => steps;

    /// <summary>The steps before the first <c>[*]</c>, which lead to at most one value.</summary>
    public ReadOnlySpan<PathStep> Head => steps.AsSpan(0, HeadLength);

    /// <summary>The steps from the first <c>[*]</c> on; empty without one.</summary>
    public ReadOnlySpan<PathStep> Tail => steps.AsSpan(HeadLength);

    public bool FansOut { get; } = Array.Exists(steps, step => step.IsAllElements);

    /// <summary>The same for two paths whose heads are the same, and for no others.</summary>
    public string HeadKey
    {
        get
        {
            var key = new StringBuilder();
            key.Append((int)root);
            foreach (PathStep step in Head)
            {
                key.Append(step.Name is { } name
                    ? "." + Convert.ToHexString(name.Utf8)
                    : "[" + step.Index.ToString(CultureInfo.InvariantCulture));
            }

            return key.ToString();
        }
    }

    private int HeadLength { get; } = new ReadOnlySpan<PathStep>(steps).IndexOfAllElements() is >= 0 and var first ? first : steps.Length;
}
