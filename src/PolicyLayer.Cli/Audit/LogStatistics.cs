namespace PolicyLayer.Cli.Audit;

/// <summary>Counts what records say: who, which tool, which rule, how often. Its memory doesn't grow with the log.</summary>
internal sealed class LogStatistics
{
    /// <summary>How many names of a kind are counted one by one.</summary>
    public const int MaxNames = 100_000;

    private const int MaxName = 512;

    public CountsByName<string> Grants { get; } = new(MaxNames);

    public CountsByName<string> Tools { get; } = new(MaxNames);

    public CountsByName<(string Code, string Rule)> Reasons { get; } = new(MaxNames);

    /// <summary>All records, of any kind.</summary>
    public long Records { get; private set; }

    /// <summary>The earliest moment of a record; null where none has one.</summary>
    public DateTimeOffset? First { get; private set; }

    /// <summary>The latest moment of a record; null where none has one.</summary>
    public DateTimeOffset? Last { get; private set; }

    public void Add(LogRecord record)
    {
        Records++;
        if (record.Time is { } time)
        {
            First = time < First ? time : First ?? time;
            Last = time > Last ? time : Last ?? time;
        }

        bool isCorrection = record.Kind == "correction";
        if (record.Kind != "decision" && !isCorrection)
        {
            return;
        }

        string outcome = record.Outcome;
        Grants.Of(Cut(record.Grant)).Add(outcome, isCorrection);
        Tools.Of(Cut(record.Tool)).Add(outcome, isCorrection);
        Reasons.Of((Cut(record.Code), Cut(record.Rule))).Add(outcome, isCorrection);
    }

    // Longer than what sinks write of names, so that a log of nobody knows whose takes no more memory than it has names.
    private static string Cut(string name)
    {
        if (name.Length <= MaxName)
        {
            return name;
        }

        return char.IsHighSurrogate(name[MaxName - 1]) ? name[..(MaxName - 1)] : name[..MaxName];
    }
}
