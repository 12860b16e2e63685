namespace PolicyLayer.Cli.Audit;

/// <summary>Counts records by a name of theirs. When there are so many names, records of further ones are counted together.</summary>
/// <param name="maxNames">How many names are counted one by one: the first that come.</param>
internal sealed class CountsByName<TName>(int maxNames)
    where TName : notnull
{
    private readonly Dictionary<TName, RecordCounts> _counts = [];

    /// <summary>The names, in no order, each with its counts.</summary>
    public IReadOnlyCollection<KeyValuePair<TName, RecordCounts>> Names => _counts;

    /// <summary>The records of all further names; null where there were none.</summary>
    public RecordCounts? Others { get; private set; }

    /// <summary>What records of a name are counted in.</summary>
    public RecordCounts Of(TName name)
    {
        if (_counts.TryGetValue(name, out RecordCounts? counts))
        {
            return counts;
        }

        if (_counts.Count == maxNames)
        {
            return Others ??= new RecordCounts();
        }

        _counts.Add(name, counts = new RecordCounts());
        return counts;
    }
}
