using System.Text;
using PolicyLayer.Cli.Calls;

namespace PolicyLayer.Cli.Output;

/// <summary>For outputs too narrow for a table, and for explanations: a paragraph a call.</summary>
/// <param name="environment">What is written to.</param>
/// <param name="shown">How many calls were shown before.</param>
internal sealed class ListDecisionOutput(CommandEnvironment environment, long shown = 0) : IDecisionOutput
{
    private readonly StreamWriter _writer = new(environment.Output, new UTF8Encoding(false), leaveOpen: true)
    {
        NewLine = "\n",
        AutoFlush = true,
    };
    private long _number = shown;

    public void Write(in ToolCallDecision decision, CallLine? line, ToolCallExplanation? explanation)
    {
        string outcome = Color(decision.Outcome.ToWireString(), decision.IsAllowed);
        string retry = decision.RetryAfter is null ? "" : $", retry after {DurationText.Of(decision.RetryAfter)}";
        string rule = decision.Rule.Length == 0 ? "" : " " + PlainTable.OneLine(decision.Rule);
        string call = PlainTable.OneLine($"{decision.ToolName} ({decision.GrantId})");
        string name = line?.Name is { Length: > 0 } text ? QuotedText.Of(text) + " " : "";
        var paragraph = new StringBuilder();
        WrappedText.AppendLine(
            paragraph, $"{++_number} {name}{call}: {outcome} {decision.Code.ToWireString()}{rule}{retry}", environment.TextWidth);
        if (decision.Message is { } message)
        {
            WrappedText.AppendLine(paragraph, "  " + PlainTable.OneLine(message), environment.TextWidth);
        }

        if (explanation is not null)
        {
            ExplanationText.Append(paragraph, explanation, environment.TextWidth);
        }

        _writer.Write(paragraph);
    }

    public void WriteEvent(string name, bool isOk, string? reason = null) =>
        _writer.WriteLine($"  {name}: {Color(isOk ? "ok" : "not ok", isOk)}{(reason is null ? "" : ", " + reason)}");

    public void Flush() => _writer.Flush();

    public void Dispose() => _writer.Dispose();

    private string Color(string text, bool isGood) => environment.UsesColor ? $"\e[{(isGood ? 32 : 31)}m{text}\e[0m" : text;
}
