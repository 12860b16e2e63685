namespace PolicyLayer.Cli.Calls;

/// <summary>What a line expects of a call's decision: its outcome or its code, as both are written.</summary>
internal static class Expectation
{
    public static bool IsMet(string expected, in ToolCallDecision decision) =>
        expected == decision.Outcome.ToWireString() || expected == decision.Code.ToWireString();
}
