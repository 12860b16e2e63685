namespace PolicyLayer.Telemetry;

/// <summary>Hears of what broke while calls were judged, so that an operator sees more than a denial's code.</summary>
/// <remarks>
/// It is told on the thread that met the fault, mostly while a caller waits for a decision, so it must be quick. What it throws is passed
/// over: it changes no decision. Implementations are safe for use by any number of threads at once.
/// </remarks>
public interface IFaultListener
{
    /// <summary>Takes one fault.</summary>
    /// <param name="fault">What broke.</param>
    void OnFault(Fault fault);
}
