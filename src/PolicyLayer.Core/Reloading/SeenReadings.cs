namespace PolicyLayer.Reloading;

/// <summary>What the documents said when they were last taken, and since then last rejected. Not safe for threads.</summary>
/// <param name="taken">What is in force.</param>
internal sealed class SeenReadings(IReadOnlyList<DocumentReading> taken)
{
    private IReadOnlyList<DocumentReading> _taken = taken;
    private IReadOnlyList<DocumentReading>? _rejected;

    /// <summary>Whether the latest that was tried was rejected.</summary>
    public bool HasRejected => _rejected is not null;

    /// <summary>What is in force.</summary>
    public IReadOnlyList<DocumentReading> Taken => _taken;

    public bool AreTaken(IReadOnlyList<DocumentReading> readings) => readings.SequenceEqual(_taken);

    /// <summary>Whether they are other than what was tried last.</summary>
    public bool AreNews(IReadOnlyList<DocumentReading> readings) => !readings.SequenceEqual(_rejected ?? _taken);

    public void Take(IReadOnlyList<DocumentReading> readings) => (_taken, _rejected) = (readings, null);

    public void Reject(IReadOnlyList<DocumentReading> readings) => _rejected = readings;
}
