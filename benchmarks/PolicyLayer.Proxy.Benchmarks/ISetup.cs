namespace PolicyLayer.Benchmarks.Proxy;

/// <summary>A server, reached directly and through the proxy.</summary>
internal interface ISetup
{
    /// <summary>Calls the tool once, and waits for its answer.</summary>
    Task CallAsync(bool throughProxy);
}
