using Microsoft.Extensions.Logging;

namespace PolicyLayer.Extensions.AI;

internal static partial class ToolLog
{
    [LoggerMessage(
        EventId = 1, EventName = "UnguardedTool", Level = LogLevel.Warning,
        Message = "The tool `{Tool}` of type {Type} runs elsewhere: nobody asks PolicyLayer before it does.")]
    public static partial void Unguarded(ILogger logger, string tool, string type);

    [LoggerMessage(
        EventId = 2, EventName = "AnswerRefused", Level = LogLevel.Warning,
        Message = "An answer that approves a call wasn't taken: {Why}")]
    public static partial void AnswerRefused(ILogger logger, string why);
}
