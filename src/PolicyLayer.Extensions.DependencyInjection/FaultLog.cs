using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using PolicyLayer.Telemetry;

namespace PolicyLayer.Extensions.DependencyInjection;

/// <summary>Logs what broke, for hosts that register no listener of their own.</summary>
internal sealed class FaultLog(ILoggerFactory? loggers) : IFaultListener
{
    private readonly ILogger _logger = (ILogger?)loggers?.CreateLogger("PolicyLayer") ?? NullLogger.Instance;

    public void OnFault(Fault fault) =>
        PolicyLog.Fault(_logger, fault.Exception, fault.Kind, fault.Place, fault.DecisionId, fault.ExceptionType);
}
