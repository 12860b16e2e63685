namespace PolicyLayer.DecisionTree;

/// <summary>The verdicts that depend on nothing but the code and the tool's risk, built when first needed and then shared.</summary>
internal sealed class VerdictTable(PolicyIdentity policy)
{
    private static readonly int Codes = Enum.GetValues<DecisionCode>().Length;

    private readonly Verdict?[] _verdicts = new Verdict?[Codes * Enum.GetValues<ToolRisk>().Length];

    public PolicyIdentity Policy => policy;

    public Verdict Get(DecisionCode code, ToolRisk risk = ToolRisk.Unspecified)
    {
        ref Verdict? verdict = ref _verdicts[((int)risk * Codes) + (int)code];
        return verdict ??= code == DecisionCode.Allowed ? Verdict.Allow(policy, risk) : Verdict.Deny(code, policy, risk);
    }
}
