using Microsoft.Extensions.Logging;

namespace PolicyLayer.Proxy.Bridging;

/// <summary>What a person is told of servers that are started for callers. INVARIANT: nothing that anybody said.</summary>
internal static partial class BridgeLog
{
    [LoggerMessage(
        EventId = 40, EventName = "TooManyServers", Level = LogLevel.Warning,
        Message = "A request was refused, as {Count} servers run, and it needs another one")]
    public static partial void TooMany(ILogger logger, int count);

    [LoggerMessage(
        EventId = 41, EventName = "ServerNotStartedForCaller", Level = LogLevel.Error,
        Message = "A request was refused: {Reason}")]
    public static partial void NotStarted(ILogger logger, string reason);
}
