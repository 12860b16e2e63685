using Microsoft.Extensions.Logging;

namespace PolicyLayer.Proxy;

/// <summary>What the proxy tells a person. INVARIANT: nothing of a message but names of the protocol, and none of an argument.</summary>
internal static partial class ProxyLog
{
    [LoggerMessage(
        EventId = 1, EventName = "NotJudged", Level = LogLevel.Error,
        Message = "A call was denied, as it couldn't be judged: {ExceptionType}")]
    public static partial void NotJudged(ILogger logger, string exceptionType);

    [LoggerMessage(
        EventId = 2, EventName = "Refused", Level = LogLevel.Warning,
        Message = "A message of the client's was refused: {Reason}")]
    public static partial void Refused(ILogger logger, string reason);

    [LoggerMessage(
        EventId = 3, EventName = "Unreadable", Level = LogLevel.Warning,
        Message = "A message of the server's wasn't passed on: {Reason}")]
    public static partial void Unreadable(ILogger logger, string reason);
}
