namespace PolicyLayer.Cli.Output;

/// <summary>Shows the answers to calls and events; disposing it shows the rest.</summary>
internal interface IDecisionOutput : IDisposable
{
    void Write(in ToolCallDecision decision, string? expected);

    void WriteEvent(string name, bool isOk);
}
