namespace PolicyLayer;

/// <summary>What became of an allowed call, as the host reports it.</summary>
public enum ToolCallOutcome
{
    /// <summary>
    /// The tool ran, and did what it was called for: what orders of the policy (<c>after</c>) let later calls follow. A tool that returned
    /// that it failed, by an exit code or an error in its result, has failed. The quota stays spent.
    /// </summary>
    Succeeded = 0,

    /// <summary>The tool ran and failed. The quota stays spent, or a storm of retries would never meet a limit.</summary>
    Failed = 1,

    /// <summary>The tool never ran. The quota goes back to the window it was charged to, if that window still runs.</summary>
    NotExecuted = 2,
}
