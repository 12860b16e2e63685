using Microsoft.Extensions.Logging;

namespace PolicyLayer.ModelContextProtocol;

internal static partial class McpLog
{
    [LoggerMessage(
        EventId = 1, EventName = "NotJudged", Level = LogLevel.Error,
        Message = "A call was denied, as it couldn't be judged: {ExceptionType}")]
    public static partial void NotJudged(ILogger logger, string exceptionType);

    [LoggerMessage(
        EventId = 2, EventName = "Stopped", Level = LogLevel.Error,
        Message = "A call was stopped before its tool ran: it isn't the one that was judged, or a filter calls its tool twice")]
    public static partial void Stopped(ILogger logger);

    [LoggerMessage(
        EventId = 3, EventName = "Unchecked", Level = LogLevel.Warning,
        Message = "This server's tools are called by an alternate handler: calls are judged as they come in, and what its filters do to "
            + "them after that isn't looked at.")]
    public static partial void Unchecked(ILogger logger);

    [LoggerMessage(
        EventId = 4, EventName = "NoGrant", Level = LogLevel.Warning,
        Message = "Nothing says whose grant a caller uses ({Why}): calls are denied, and no tools are shown. Are callers authenticated? "
            + "This is told once.")]
    public static partial void NoGrant(ILogger logger, string why);
}
