using System.Text;

namespace PolicyLayer.Cli.Output;

/// <summary>For terminals too narrow for a table, and for explanations: a paragraph a call.</summary>
internal sealed class ListDecisionOutput(CommandEnvironment environment) : IDecisionOutput
{
    private readonly StreamWriter _writer = new(environment.Output, new UTF8Encoding(false), leaveOpen: true)
    {
        NewLine = "\n",
        AutoFlush = true,
    };
    private long _number;

    public void Write(in ToolCallDecision decision, string? expected, ToolCallExplanation? explanation)
    {
        string outcome = Color(decision.Outcome.ToWireString(), decision.IsAllowed);
        string retry = decision.RetryAfter is null ? "" : $", retry after {DurationText.Of(decision.RetryAfter)}";
        string rule = decision.Rule.Length == 0 ? "" : " " + PlainTable.OneLine(decision.Rule);
        string call = PlainTable.OneLine($"{decision.ToolName} ({decision.GrantId})");
        _writer.WriteLine($"{++_number} {call}: {outcome} {decision.Code.ToWireString()}{rule}{retry}");
        var below = new StringBuilder();
        if (decision.Message is { } message)
        {
            WrappedText.AppendLine(below, "  " + PlainTable.OneLine(message), environment.TextWidth);
        }

        if (explanation is not null)
        {
            ExplanationText.Append(below, explanation, environment.TextWidth);
        }

        _writer.Write(below);
    }

    public void WriteEvent(string name, bool isOk, string? reason = null) =>
        _writer.WriteLine($"  {name}: {Color(isOk ? "ok" : "not ok", isOk)}{(reason is null ? "" : ", " + reason)}");

    public void Dispose() => _writer.Dispose();

    private string Color(string text, bool isGood) => environment.UsesColor ? $"\e[{(isGood ? 32 : 31)}m{text}\e[0m" : text;
}
