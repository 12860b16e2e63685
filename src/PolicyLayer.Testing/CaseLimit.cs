using PolicyLayer.Counters;

namespace PolicyLayer.Testing;

/// <summary>A counter and its maximum: a demand before it is known who calls.</summary>
internal readonly record struct CaseLimit(CounterDefinition Definition, long MaxMillionths);
