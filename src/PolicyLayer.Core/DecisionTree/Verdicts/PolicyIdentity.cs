namespace PolicyLayer.DecisionTree.Verdicts;

/// <summary>Which policy judged: its name, and the SHA-256 of its document in lower-case hexadecimal.</summary>
internal sealed record PolicyIdentity(string Name, string Revision);
