using PolicyLayer.Cli.Calls;

namespace PolicyLayer.Cli.Output;

/// <summary>Shows the answers to calls and events.</summary>
internal interface IDecisionOutput : IDisposable
{
    /// <param name="decision">The answer.</param>
    /// <param name="line">The line that it answers; null for a call that the command line makes.</param>
    /// <param name="explanation">Each step that the call met; null where nobody asked for it.</param>
    void Write(in ToolCallDecision decision, CallLine? line, ToolCallExplanation? explanation);

    /// <param name="name">The event.</param>
    /// <param name="isOk">Whether it did what it says.</param>
    /// <param name="reason">Why it didn't, in a word; null where there is none.</param>
    void WriteEvent(string name, bool isOk, string? reason = null);

    /// <summary>Shows what still waits.</summary>
    void Flush();
}
