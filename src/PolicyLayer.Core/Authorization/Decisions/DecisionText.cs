using PolicyLayer.Text;

namespace PolicyLayer.Authorization.Decisions;

/// <summary>A decision in a line, for debuggers and logs: names are shortened, and nothing is said of the arguments.</summary>
internal static class DecisionText
{
    public static string Of(DecisionOutcome outcome, DecisionCode code, string rule, string toolName, string grantId) =>
        $"{outcome.ToWireString()} {code.ToWireString()}{(rule.Length == 0 ? "" : " " + rule)}: "
        + $"{Quoted.Of(toolName)} ({Quoted.Of(grantId)})";
}
