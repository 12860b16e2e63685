using PolicyLayer.Telemetry;

namespace PolicyLayer.Tests.Authorization;

/// <summary>Takes down what it is told.</summary>
internal sealed class FaultList(List<Fault> faults) : IFaultListener
{
    public void OnFault(Fault fault)
    {
        lock (faults)
        {
            faults.Add(fault);
        }
    }
}
