namespace PolicyLayer.DecisionTree;

/// <summary>A compiled policy. Judging is a pure function of the call: no clock, no I/O.</summary>
internal sealed class PolicyTree(ToolIndex tools, VerdictTable verdicts)
{
    public VerdictTable Verdicts => verdicts;

    public bool IsHidden(string toolName) => tools.IsHidden(toolName);

    public Evaluation Evaluate(in ToolCall call, int maxArgumentsBytes, int maxArgumentsDepth)
    {
        ToolEntry entry = tools.Find(call.ToolName);
        if (call.Arguments.Form != ToolArgumentsForm.None)
        {
            ArgumentsReader reader = ArgumentsReader.Rent();
            DecisionCode code = reader.Read(call.Arguments, maxArgumentsBytes, maxArgumentsDepth);
            reader.Return();
            if (code != DecisionCode.Allowed)
            {
                return new Evaluation(verdicts.Get(code, entry.Risk));
            }
        }

        return new Evaluation(entry.Verdict, entry.Limits);
    }
}
