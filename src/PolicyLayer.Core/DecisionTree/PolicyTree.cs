namespace PolicyLayer.DecisionTree;

/// <summary>A compiled policy. Judging is a pure function of the call: no clock, no I/O.</summary>
internal sealed class PolicyTree(ToolIndex tools, VerdictTable verdicts)
{
    public VerdictTable Verdicts => verdicts;

    public bool IsHidden(string toolName) => tools.IsHidden(toolName);

    public Evaluation Evaluate(in ToolCall call, in CallBounds bounds)
    {
        ToolEntry entry = tools.Find(call.ToolName);
        CallScratch scratch = CallScratch.Rent();
        DecisionCode code = CallFacts.Read(call, bounds, entry.Paths, scratch, out CallFacts facts);
        Evaluation evaluation = code == DecisionCode.Allowed
            ? entry.Judge(call, facts)
            : new Evaluation(verdicts.Get(code, entry.Risk));
        scratch.Return();
        return evaluation;
    }
}
