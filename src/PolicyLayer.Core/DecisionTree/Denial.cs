namespace PolicyLayer.DecisionTree;

/// <summary>What one part of a policy says to every call that it denies; a verdict for each risk, built when first needed.</summary>
internal sealed class Denial(DecisionCode code, PolicyIdentity policy, string pointer, string? message = null, string? ruleName = null)
{
    private readonly Verdict?[] _verdicts = new Verdict?[(int)ToolRisk.Other + 1];

    public Verdict For(ToolRisk risk) => _verdicts[(int)risk] ??= Verdict.Deny(code, policy, risk, pointer, message, ruleName);
}
