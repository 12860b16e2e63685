using Microsoft.Extensions.Logging;

namespace PolicyLayer.Proxy.Stdio;

/// <summary>What a person is told of a server that is a process. INVARIANT: nothing that it said, and none of its arguments.</summary>
internal static partial class StdioLog
{
    [LoggerMessage(
        EventId = 10, EventName = "ServerEnded", Level = LogLevel.Warning,
        Message = "The server {Program} ended (exit code {ExitCode}). It is started again.")]
    public static partial void ServerEnded(ILogger logger, string program, int? exitCode);

    [LoggerMessage(
        EventId = 11, EventName = "ServerGone", Level = LogLevel.Error,
        Message = "The server {Program} ended {Count} times and never answered anything. It isn't started again.")]
    public static partial void ServerGone(ILogger logger, string program, int count);

    [LoggerMessage(
        EventId = 12, EventName = "ServerNotStarted", Level = LogLevel.Warning,
        Message = "{Reason}")]
    public static partial void ServerNotStarted(ILogger logger, string reason);

    [LoggerMessage(
        EventId = 13, EventName = "SessionNotRepeated", Level = LogLevel.Warning,
        Message = "The server {Program} was started again and wouldn't go on with the client's session: {Reason}")]
    public static partial void SessionNotRepeated(ILogger logger, string program, string reason);
}
