using PolicyLayer.DecisionTree.Schemas;

namespace PolicyLayer.DecisionTree;

/// <summary>A compiled policy. Judging is a pure function of the call: no clock, no I/O.</summary>
internal sealed class PolicyTree(ToolIndex tools, VerdictTable verdicts)
{
    public VerdictTable Verdicts => verdicts;

    public bool IsHidden(string toolName) => tools.IsHidden(toolName);

    public Evaluation Evaluate(in ToolCall call, int maxArgumentsBytes, int maxArgumentsDepth)
    {
        ToolEntry entry = tools.Find(call.ToolName);
        SchemaNode? schema = entry.Verdict.Code == DecisionCode.Allowed ? entry.Arguments : null;
        if (call.Arguments.Form != ToolArgumentsForm.None || schema is not null)
        {
            ArgumentsReader reader = ArgumentsReader.Rent();
            DecisionCode code = reader.Read(call.Arguments, maxArgumentsBytes, maxArgumentsDepth);
            SchemaFailure? failure = null;
            if (code == DecisionCode.Allowed && schema is not null
                && !schema.Validate(reader.ValueOf(call.Arguments), reader.Schemas))
            {
                failure = reader.Schemas.Failure;
                code = DecisionCode.ArgumentsInvalid;
            }

            reader.Return();
            if (failure is not null)
            {
                return new Evaluation(Verdict.Deny(code, verdicts.Policy, entry.Risk, failure.Rule, failure.Message));
            }

            if (code != DecisionCode.Allowed)
            {
                return new Evaluation(verdicts.Get(code, entry.Risk));
            }
        }

        return new Evaluation(entry.Verdict, entry.Limits);
    }
}
