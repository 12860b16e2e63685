using PolicyLayer.DecisionTree.Verdicts;

namespace PolicyLayer.DecisionTree.Approvals;

/// <summary>What a call that nothing else stands against needs of a person. Immutable; what it holds isn't to be written to.</summary>
/// <param name="Verdict">What the call is told while nobody has approved it.</param>
/// <param name="Binding">What the approval is bound to: 64 lower-case hexadecimal digits.</param>
/// <param name="ExactBinding">The same for this very call, where the binding is one of several calls; else the binding itself.</param>
/// <param name="Cover">What the approval covers: how often, and for how long.</param>
/// <param name="Content">What the person sees: one JSON object in UTF-8. It holds argument values.</param>
/// <param name="Rules">The pointers of all that ask, in the policy's order.</param>
/// <param name="Uncounted">The denial that the call meets once it is approved, as a limit of it can't be counted; null for none.</param>
internal sealed record ApprovalNeed(
    Verdict Verdict,
    string Binding,
    string ExactBinding,
    ApprovalCover Cover,
    byte[] Content,
    IReadOnlyList<string> Rules,
    Verdict? Uncounted)
{
    /// <summary>The content with more members after its own.</summary>
    /// <param name="members">The members with a comma before each, as in <c>,"label":"x"</c>, in UTF-8.</param>
    public byte[] ContentWith(ReadOnlySpan<byte> members) => [.. Content.AsSpan(..^1), .. members, (byte)'}'];
}
