using System.Diagnostics.Tracing;

namespace PolicyLayer.Telemetry;

/// <summary>
/// The event source <c>PolicyLayer</c>, for tools that look at a process from outside, as <c>dotnet-trace</c> does. It says what broke and
/// for which decision, never an exception's message.
/// </summary>
[EventSource(Name = "PolicyLayer")]
internal sealed class FaultEvents : EventSource
{
    public static readonly FaultEvents Log = new();

    private FaultEvents()
    {
    }

    /// <summary>Nothing, while nobody listens; it never throws.</summary>
    [NonEvent]
    public void Tell(
        FaultKind kind, string place, string exceptionType, string decisionId, string? member = null, string? memberType = null)
    {
        if (!IsEnabled(EventLevel.Error, EventKeywords.None))
        {
            return;
        }

        try
        {
            if (member is null)
            {
                Fault(kind.ToString(), place, exceptionType, decisionId);
            }
            else
            {
                MemberFault(kind.ToString(), place, exceptionType, decisionId, member, memberType ?? "");
            }
        }
        catch (Exception)
        {
            // A listener of this process threw.
        }
    }

    [Event(1, Level = EventLevel.Error, Message = "{0} failed at {1} for decision {3}: {2}")]
    private void Fault(string kind, string place, string exceptionType, string decisionId) =>
        WriteEvent(1, kind, place, exceptionType, decisionId);

    [Event(2, Level = EventLevel.Error, Message = "{0} failed at {1} for decision {3}: {2}, at `{4}` of type {5}")]
    private void MemberFault(string kind, string place, string exceptionType, string decisionId, string member, string memberType) =>
        WriteEvent(2, kind, place, exceptionType, decisionId, member, memberType);
}
