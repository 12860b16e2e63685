namespace PolicyLayer.Counters;

/// <summary>One counter that an entry of a policy uses, with the tightest maximum that applies to it.</summary>
/// <param name="Definition">The counter.</param>
/// <param name="MaxMillionths">What it may hold, in millionths of a unit.</param>
internal readonly record struct CounterLimit(CounterDefinition Definition, long MaxMillionths);
