using System.Text.Json;
using PolicyLayer.Cli.Calls;

namespace PolicyLayer.Cli.Output;

internal sealed class JsonDecisionOutput(CommandEnvironment environment) : IDecisionOutput
{
    private readonly JsonLine _line = new(environment.Output);

    public void Write(in ToolCallDecision decision, CallLine? line, ToolCallExplanation? explanation)
    {
        Utf8JsonWriter json = _line.Begin();
        json.WriteString("outcome", decision.Outcome.ToWireString());
        json.WriteString("code", decision.Code.ToWireString());
        _line.WriteIfPresent("rule", decision.Rule);
        _line.WriteIfPresent("message", decision.Message);
        json.WriteString("tool", decision.ToolName);
        json.WriteString("grant", decision.GrantId);
        if (decision.RetryAfter is { } retryAfter)
        {
            json.WriteNumber("retry_after_ms", retryAfter.Ticks / TimeSpan.TicksPerMillisecond);
        }

        _line.WriteIfPresent("approval_id", decision.ApprovalId);
        json.WriteString("decision_id", decision.DecisionId);
        _line.WriteIfPresent("name", line?.Name);
        if (line?.Expect is { } expected)
        {
            json.WriteString("expected", expected);
            json.WriteBoolean("as_expected", Expectation.IsMet(expected, decision));
        }

        if (explanation is not null)
        {
            ExplanationOutput.Write(json, explanation);
        }

        _line.End();
    }

    public void WriteEvent(string name, bool isOk, string? reason = null)
    {
        Utf8JsonWriter json = _line.Begin();
        json.WriteString("event", name);
        json.WriteBoolean("ok", isOk);
        _line.WriteIfPresent("reason", reason);
        _line.End();
    }

    public void Flush()
    {
        // Each line is written whole.
    }

    public void Dispose() => _line.Dispose();
}
