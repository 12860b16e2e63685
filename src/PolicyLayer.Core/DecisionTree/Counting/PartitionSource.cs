using PolicyLayer.DecisionTree.Paths;
using PolicyLayer.Text;

namespace PolicyLayer.DecisionTree.Counting;

/// <summary>
/// Where the values stand that tell counters of one name apart. Equal ones of a policy are one object, so that counters by the same values
/// are known to be.
/// </summary>
/// <param name="paths">The paths, none with <c>[*]</c>, at least one.</param>
/// <param name="foldsCase">Whether values that differ only by case are the same.</param>
/// <param name="label">What is digested before the values, where it must tell more apart than they do; null for nothing.</param>
internal sealed class PartitionSource(PolicyPath[] paths, bool foldsCase, string? label = null)
{
    public PolicyPath[] Paths => paths;

    public bool FoldsCase => foldsCase;

    public string? Label => label;

    /// <summary>The paths as denials name them.</summary>
    public string Names => string.Join(", ", paths.Select(path => Quoted.Of(path.ToString())));

    /// <summary>What is said of a call that lacks a value.</summary>
    public string Need
    {
        get
        {
            string each = paths.Length == 1 ? Names : $"Each of {Names}";
            bool isOfHost = Array.Exists(paths, path => path.Root is PathRoot.Context or PathRoot.Grant);
            string giver = isOfHost ? " What is under `context` and `grant` the host gives." : "";
            return $"{each} must be given: a text, a boolean, or a number that is read alike by all.{giver}";
        }
    }
}
