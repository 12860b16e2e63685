using System.Diagnostics.Tracing;
using PolicyLayer.Tests.Secrets.Searching;

namespace PolicyLayer.Tests.Secrets.Witnesses;

/// <summary>Sees every event of the library's event sources, of whatever name and level.</summary>
internal sealed class EventWitness : EventListener
{
    public const string Place = "events";

    // The base's constructor already tells of sources.
    private readonly Witness _witness;

    public EventWitness(Witness witness)
    {
        _witness = witness;
        witness.See(Place, "");
    }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name.StartsWith("PolicyLayer", StringComparison.Ordinal))
        {
            EnableEvents(eventSource, EventLevel.LogAlways, EventKeywords.All);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        _witness?.See(Place, $"{eventData.EventName} {eventData.Message}");
        _witness?.SeeObject(Place, eventData.Payload);
    }
}
