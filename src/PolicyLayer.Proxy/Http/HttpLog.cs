using Microsoft.Extensions.Logging;

namespace PolicyLayer.Proxy.Http;

/// <summary>What the proxy tells a person of HTTP. INVARIANT: no value of a header but a plain type, and nothing of a body.</summary>
internal static partial class HttpLog
{
    [LoggerMessage(
        EventId = 20, EventName = "NotAdmitted", Level = LogLevel.Warning,
        Message = "A request from {Address} was refused: {Reason}")]
    public static partial void NotAdmitted(ILogger logger, string address, string reason);

    [LoggerMessage(
        EventId = 21, EventName = "Unreachable", Level = LogLevel.Error,
        Message = "The server can't be reached or broke off: {Reason}")]
    public static partial void Unreachable(ILogger logger, string reason);

    [LoggerMessage(
        EventId = 22, EventName = "BadAnswer", Level = LogLevel.Error,
        Message = "The server's answer wasn't passed on: {Reason}")]
    public static partial void BadAnswer(ILogger logger, string reason);

    [LoggerMessage(
        EventId = 23, EventName = "Failed", Level = LogLevel.Error,
        Message = "A request broke inside the proxy: {ExceptionType}")]
    public static partial void Failed(ILogger logger, string exceptionType);

    [LoggerMessage(
        EventId = 24, EventName = "ForeignSession", Level = LogLevel.Warning,
        Message = "A caller of the grant {Grant} was refused: it named a session that another caller has")]
    public static partial void ForeignSession(ILogger logger, string grant);
}
