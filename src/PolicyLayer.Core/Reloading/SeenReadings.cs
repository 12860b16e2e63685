namespace PolicyLayer.Reloading;

/// <summary>What the documents said when they were last taken, and since then last rejected. Not safe for threads.</summary>
/// <param name="taken">What is in force.</param>
internal sealed class SeenReadings(IReadOnlyList<DocumentReading> taken)
{
    private IReadOnlyList<DocumentReading> _taken = taken;
    private IReadOnlyList<DocumentReading>? _rejected;
    private bool _mayFitLater;

    /// <summary>Whether the latest that was tried was rejected.</summary>
    public bool HasRejected => _rejected is not null;

    /// <summary>What is in force.</summary>
    public IReadOnlyList<DocumentReading> Taken => _taken;

    public bool AreTaken(IReadOnlyList<DocumentReading> readings) => readings.SequenceEqual(_taken);

    /// <summary>Whether they are what was tried last, and rejected.</summary>
    public bool AreRejected(IReadOnlyList<DocumentReading> readings) => _rejected is not null && readings.SequenceEqual(_rejected);

    /// <summary>Whether to try them: they are other than what was tried last, or that is worth another try.</summary>
    public bool AreNews(IReadOnlyList<DocumentReading> readings) =>
        (_mayFitLater && _rejected is not null) || !readings.SequenceEqual(_rejected ?? _taken);

    public void Take(IReadOnlyList<DocumentReading> readings) => (_taken, _rejected) = (readings, null);

    /// <summary>Takes down what was rejected.</summary>
    /// <param name="readings">It.</param>
    /// <param name="mayFitLater">Whether it was for something else than what they say.</param>
    public void Reject(IReadOnlyList<DocumentReading> readings, bool mayFitLater) => (_rejected, _mayFitLater) = (readings, mayFitLater);
}
