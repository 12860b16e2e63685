using PolicyLayer.Telemetry;
using PolicyLayer.Tests.Secrets.Searching;

namespace PolicyLayer.Tests.Secrets.Witnesses;

/// <summary>Sees every fault with all its members, and hands it on to the listener that the library registers.</summary>
internal sealed class FaultWitness(Witness witness, IFaultListener next) : IFaultListener
{
    public const string Place = "faults";

    private int _count;

    public int Count => Volatile.Read(ref _count);

    public void OnFault(Fault fault)
    {
        witness.SeeObject(Place, fault);
        Interlocked.Increment(ref _count);
        next.OnFault(fault);
    }
}
