using System.Runtime.CompilerServices;

namespace PolicyLayer.Counters.InMemory;

/// <summary>The counters of one call, on the stack.</summary>
[InlineArray(Length)]
internal struct CounterWindowBuffer
{
    public const int Length = 8;
    private CounterWindow? _first;
}
