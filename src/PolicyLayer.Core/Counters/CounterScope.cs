namespace PolicyLayer.Counters;

/// <summary>Who shares a counter.</summary>
public enum CounterScope
{
    /// <summary>Each grant has its own.</summary>
    Grant = 0,

    /// <summary>Each session of a grant has its own.</summary>
    Session = 1,

    /// <summary>Every call under the policy shares one.</summary>
    Policy = 2,
}
