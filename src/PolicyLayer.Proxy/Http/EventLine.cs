namespace PolicyLayer.Proxy.Http;

/// <summary>A line of an event.</summary>
/// <param name="Place">Its bytes in the event, its end included.</param>
/// <param name="Content">The same without the end.</param>
/// <param name="Kind">What it is.</param>
internal readonly record struct EventLine(Range Place, Range Content, EventLineKind Kind = EventLineKind.Field);
