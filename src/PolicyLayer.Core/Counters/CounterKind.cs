namespace PolicyLayer.Counters;

/// <summary>What a counter is for. It is part of the counter's identity, and changes nothing about how it counts.</summary>
public enum CounterKind
{
    /// <summary>What a limit of a policy adds up.</summary>
    Limit = 0,

    /// <summary>That a call of a tool went before: an order of a policy asks for it. The counter's name is the tool's.</summary>
    Mark = 1,
}
