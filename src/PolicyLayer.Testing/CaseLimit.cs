using System.Runtime.InteropServices;
using System.Security.Cryptography;
using PolicyLayer.Counters;

namespace PolicyLayer.Testing;

/// <summary>A counter and its bounds: a demand before it is known who calls.</summary>
/// <param name="Definition">What is counted.</param>
/// <param name="MaxMillionths">What the counter may hold.</param>
/// <param name="MinMillionths">What it must hold.</param>
/// <param name="Value">Whose counter it is, where each value has its own.</param>
internal readonly record struct CaseLimit(CounterDefinition Definition, long MaxMillionths, long MinMillionths = 0, string Value = "v")
{
    public CounterKey KeyOf(string grantId, string? sessionId) =>
        new(Definition, grantId, sessionId, Definition.IsPartitioned ? DigestOf(Value) : null);

    /// <summary>A digest as the engine's are in form.</summary>
    private static string DigestOf(string value) =>
        Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(value.AsSpan())).AsSpan(0, 16));
}
