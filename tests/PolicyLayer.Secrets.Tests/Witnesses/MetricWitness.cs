using System.Diagnostics.Metrics;
using System.Globalization;
using PolicyLayer.Tests.Secrets.Searching;

namespace PolicyLayer.Tests.Secrets.Witnesses;

/// <summary>Sees every measurement of the library's meters, of whatever name, with all its tags.</summary>
internal sealed class MetricWitness : IDisposable
{
    public const string Place = "metrics";

    private readonly Witness _witness;
    private readonly MeterListener _listener = new();

    public MetricWitness(Witness witness)
    {
        _witness = witness;
        witness.See(Place, "");
        _listener.InstrumentPublished = Publish;
        Hear<byte>();
        Hear<short>();
        Hear<int>();
        Hear<long>();
        Hear<float>();
        Hear<double>();
        Hear<decimal>();
        _listener.Start();
    }

    /// <summary>Asks the instruments that are asked.</summary>
    public void Observe() => _listener.RecordObservableInstruments();

    public void Dispose() => _listener.Dispose();

    private void Publish(Instrument instrument, MeterListener listener)
    {
        if (!instrument.Meter.Name.StartsWith("PolicyLayer", StringComparison.Ordinal))
        {
            return;
        }

        _witness.See(Place, $"{instrument.Name} {instrument.Unit} {instrument.Description}");
        See([.. instrument.Tags ?? [], .. instrument.Meter.Tags ?? []]);
        listener.EnableMeasurementEvents(instrument);
    }

    private void Hear<T>()
        where T : struct => _listener.SetMeasurementEventCallback<T>((instrument, measurement, tags, _) =>
        {
            _witness.See(Place, string.Create(CultureInfo.InvariantCulture, $"{instrument.Name} {measurement}"));
            See(tags);
        });

    private void See(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach ((string name, object? value) in tags)
        {
            _witness.See(Place, name);
            _witness.SeeObject(Place, value);
        }
    }
}
