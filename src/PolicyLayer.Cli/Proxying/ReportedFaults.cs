using Microsoft.Extensions.Logging;
using PolicyLayer.Redis;
using PolicyLayer.Sqlite;
using PolicyLayer.Telemetry;

namespace PolicyLayer.Cli.Proxying;

/// <summary>Says on standard error what broke while calls were judged.</summary>
internal sealed class ReportedFaults(ProxyReport report) : IFaultListener
{
    public void OnFault(Fault fault)
    {
        // What documents are rejected for is told whole where they are.
        if (fault is not { Kind: FaultKind.Reload, Place: PolicyReloader.FaultPlace })
        {
            report.Log(LogLevel.Error, $"{fault.Kind} failed at {fault.Place}: {fault.ExceptionType}{ReasonOf(fault.Exception)}");
        }
    }

    // Those that the tool shows wherever they end a command.
    private static string ReasonOf(Exception? e) =>
        e is IOException or UnauthorizedAccessException or SqliteStoreException or RedisStoreException ? $": {e.Message}" : "";
}
