using PolicyLayer.DecisionTree.Paths;

namespace PolicyLayer.DecisionTree.Counting;

/// <summary>Where the amount of a call stands.</summary>
/// <param name="Path">The argument; with <c>[*]</c> all that it leads to, added up.</param>
/// <param name="CountsElements">Whether the elements of the last <c>[*]</c> are counted, rather than what they are added up.</param>
/// <param name="DefaultMillionths">What stands in for a list or number that is missing or null; null where nothing does.</param>
internal sealed record AmountSource(PolicyPath Path, bool CountsElements, long? DefaultMillionths);
