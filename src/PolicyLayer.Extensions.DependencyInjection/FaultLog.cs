using System.Collections.Concurrent;
using System.Text.Encodings.Web;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using PolicyLayer.Telemetry;

namespace PolicyLayer.Extensions.DependencyInjection;

/// <summary>
/// Logs what broke, for hosts that register no listener of their own: of each kind at each place one fault a second at most. A store that
/// is down must not flood the log that says so.
/// </summary>
internal sealed class FaultLog(ILoggerFactory? loggers, TimeProvider time) : IFaultListener, IDisposable
{
    private readonly ILogger _logger = (ILogger?)loggers?.CreateLogger("PolicyLayer") ?? NullLogger.Instance;

    // Places are stores and sinks of the host's options, so there are few.
    private readonly ConcurrentDictionary<(FaultKind Kind, string Place), FaultPace> _paces = new();

    public void OnFault(Fault fault)
    {
        // What documents are rejected for the log of reloads says, whole.
        if (fault is { Kind: FaultKind.Reload, Place: PolicyReloader.FaultPlace })
        {
            return;
        }

        _paces.GetOrAdd((fault.Kind, fault.Place), _ => new FaultPace(Write, time)).Take(fault);
    }

    /// <summary>Logs what is withheld.</summary>
    public void Dispose()
    {
        foreach (FaultPace pace in _paces.Values)
        {
            pace.Dispose();
        }
    }

    private void Write(Fault fault, long withheld)
    {
        try
        {
            if (fault.Member is not null)
            {
                WriteMember(fault, fault.Member, withheld);
            }
            else if (withheld == 0)
            {
                PolicyLog.Fault(_logger, fault.Exception, fault.Kind, fault.Place, fault.DecisionId, fault.ExceptionType);
            }
            else
            {
                PolicyLog.RepeatedFault(
                    _logger, fault.Exception, fault.Kind, fault.Place, fault.DecisionId, fault.ExceptionType, withheld);
            }
        }
        catch (Exception)
        {
            // A logger that throws on a timer's thread would end the process.
        }
    }

    /// <summary>One line whatever the argument is called: the agent chose the name.</summary>
    private void WriteMember(Fault fault, string member, long withheld)
    {
        string shown = JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(member);
        string type = fault.MemberType ?? "unknown";
        if (withheld == 0)
        {
            PolicyLog.MemberFault(
                _logger, fault.Kind, fault.Place, fault.DecisionId, fault.ExceptionType, shown, type);
        }
        else
        {
            PolicyLog.RepeatedMemberFault(
                _logger, fault.Kind, fault.Place, fault.DecisionId, fault.ExceptionType, shown, type, withheld);
        }
    }
}
