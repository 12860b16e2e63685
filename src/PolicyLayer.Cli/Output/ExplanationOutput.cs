using System.Text.Json;

namespace PolicyLayer.Cli.Output;

/// <summary>An explanation for programs, as a member of a call's line.</summary>
internal static class ExplanationOutput
{
    public static void Write(Utf8JsonWriter json, ToolCallExplanation explanation)
    {
        json.WriteStartObject("explanation");
        json.WriteStartArray("steps");
        foreach (ExplainedStep step in explanation.Steps)
        {
            Write(json, step);
        }

        json.WriteEndArray();
        json.WriteStartArray("limits");
        foreach (ExplainedLimit limit in explanation.Limits)
        {
            Write(json, limit);
        }

        json.WriteEndArray();
        if (explanation.Approval is { } approval)
        {
            Write(json, approval);
        }

        if (explanation.IsCut)
        {
            json.WriteBoolean("cut", true);
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ExplainedStep step)
    {
        json.WriteStartObject();
        json.WriteNumber("step", step.Step);
        json.WriteIfPresent("rule", step.Rule);
        json.WriteString("result", step.Result.ToWireString());
        json.WriteIfPresent("code", step.Code?.ToWireString());
        json.WriteIfPresent("why", step.Why);
        if (step.Conditions.Count > 0)
        {
            json.WriteStartArray("conditions");
            foreach (ExplainedCondition condition in step.Conditions)
            {
                Write(json, condition);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ExplainedCondition condition)
    {
        json.WriteStartObject();
        json.WriteString("rule", condition.Rule);
        json.WriteString("path", condition.Path);
        json.WriteString("op", condition.Operator);
        json.WriteString("result", condition.Result.ToWireString());
        json.WriteIfPresent("why", condition.Why);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ExplainedLimit limit)
    {
        json.WriteStartObject();
        json.WriteString("rule", limit.Rule);
        json.WriteString("counter", limit.Counter);
        json.WriteNumber("used", limit.Used);
        json.WriteNumber("max", limit.Max);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ExplainedApproval approval)
    {
        json.WriteStartObject("approval");
        json.WriteIfPresent("rules", approval.Rules);
        json.WriteNumber("uses", approval.Uses);
        json.WriteNumber("valid_for_ms", approval.ValidFor.Ticks / TimeSpan.TicksPerMillisecond);
        json.WriteIfPresent("same", approval.Same);
        json.WriteIfPresent("id", approval.Id);
        json.WriteEndObject();
    }
}
