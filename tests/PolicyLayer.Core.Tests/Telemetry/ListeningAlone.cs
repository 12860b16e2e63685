namespace PolicyLayer.Tests.Telemetry;

/// <summary>Tests that listen to the process's one source and meter, or need that nobody does: nothing else may run meanwhile.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public static class ListeningAlone
{
    public const string Name = "Telemetry";
}
