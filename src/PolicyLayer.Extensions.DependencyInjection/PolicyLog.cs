using Microsoft.Extensions.Logging;
using PolicyLayer.Telemetry;

namespace PolicyLayer.Extensions.DependencyInjection;

internal static partial class PolicyLog
{
    [LoggerMessage(
        EventId = 1,
        EventName = "PolicyLoaded",
        Level = LogLevel.Information,
        Message = "Policy `{Policy}` of revision {Revision} is loaded, from the {Source}.")]
    public static partial void Loaded(ILogger logger, string policy, string revision, string source);

    [LoggerMessage(EventId = 2, EventName = "PolicyWarning", Level = LogLevel.Warning, Message = "{Finding}")]
    public static partial void Warning(ILogger logger, string finding);

    [LoggerMessage(
        EventId = 3, EventName = "Fault", Level = LogLevel.Error,
        Message = "{Kind} failed at {Place} for decision {DecisionId}: {ExceptionType}")]
    public static partial void Fault(
        ILogger logger, Exception? exception, FaultKind kind, string place, string decisionId, string exceptionType);

    [LoggerMessage(
        EventId = 4, EventName = "RepeatedFault", Level = LogLevel.Error,
        Message = "{Kind} failed at {Place} for decision {DecisionId}: {ExceptionType}; "
            + "{Withheld} more such faults since the last one told")]
    public static partial void RepeatedFault(
        ILogger logger, Exception? exception, FaultKind kind, string place, string decisionId, string exceptionType, long withheld);

    [LoggerMessage(
        EventId = 5, EventName = "MemberFault", Level = LogLevel.Error,
        Message = "{Kind} failed at {Place} for decision {DecisionId}: {ExceptionType}, at `{Member}` of type {MemberType}")]
    public static partial void MemberFault(
        ILogger logger, FaultKind kind, string place, string decisionId, string exceptionType, string member, string memberType);

    [LoggerMessage(
        EventId = 6, EventName = "RepeatedMemberFault", Level = LogLevel.Error,
        Message = "{Kind} failed at {Place} for decision {DecisionId}: {ExceptionType}, at `{Member}` of type {MemberType}; "
            + "{Withheld} more such faults since the last one told")]
    public static partial void RepeatedMemberFault(
        ILogger logger,
        FaultKind kind,
        string place,
        string decisionId,
        string exceptionType,
        string member,
        string memberType,
        long withheld);
}
