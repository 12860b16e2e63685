using Microsoft.Extensions.Logging;
using PolicyLayer.Telemetry;

namespace PolicyLayer.Extensions.DependencyInjection;

internal static partial class PolicyLog
{
    [LoggerMessage(
        EventId = 1,
        EventName = "PolicyLoaded",
        Level = LogLevel.Information,
        Message = "Policy `{Policy}` of revision {Revision} is loaded, from `{Source}`.")]
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

    [LoggerMessage(
        EventId = 7, EventName = "GrantsLoaded", Level = LogLevel.Information, Message = "Grants are loaded from `{Source}`: {Count}.")]
    public static partial void GrantsLoaded(ILogger logger, string source, int count);

    [LoggerMessage(
        EventId = 8, EventName = "PolicyReloaded", Level = LogLevel.Information,
        Message = "Policy `{Policy}` of revision {Revision} is in force, in place of revision {OldRevision}. New counters: {NewCounters}")]
    public static partial void Reloaded(ILogger logger, string policy, string revision, string oldRevision, string newCounters);

    [LoggerMessage(
        EventId = 18, EventName = "PolicyAdded", Level = LogLevel.Information,
        Message = "Policy `{Policy}` of revision {Revision} is in force, and none of its name was before. New counters: {NewCounters}")]
    public static partial void Added(ILogger logger, string policy, string revision, string newCounters);

    [LoggerMessage(
        EventId = 19, EventName = "PolicyRemoved", Level = LogLevel.Information,
        Message = "Policy `{Policy}` of revision {OldRevision} is in force no longer, and none of its name is.")]
    public static partial void Removed(ILogger logger, string policy, string oldRevision);

    [LoggerMessage(
        EventId = 9, EventName = "GrantsReloaded", Level = LogLevel.Information,
        Message = "Other grants are in force: {Added} added, {Changed} changed, {Removed} removed.")]
    public static partial void GrantsReloaded(ILogger logger, int added, int changed, int removed);

    [LoggerMessage(
        EventId = 16, EventName = "ReloadRejected", Level = LogLevel.Error,
        Message = "The policies and grants were read anew and rejected; what was in force stays so.\n{Findings}")]
    public static partial void ReloadRejected(ILogger logger, string findings);

    [LoggerMessage(
        EventId = 17, EventName = "ReloadRightAgain", Level = LogLevel.Information,
        Message = "The policies and grants that were rejected are right again: what they say now is in force.")]
    public static partial void RightAgain(ILogger logger);
}
