namespace PolicyLayer.Proxy.Http;

/// <summary>A line of an event.</summary>
/// <param name="Place">Its bytes in the event, its end included.</param>
/// <param name="Content">The same without the end.</param>
/// <param name="IsData">Whether it is of the event's message.</param>
internal readonly record struct EventLine(Range Place, Range Content, bool IsData = false);
