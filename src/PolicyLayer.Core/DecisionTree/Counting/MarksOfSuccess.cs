using PolicyLayer.Counters;
using PolicyLayer.DecisionTree.Paths;

namespace PolicyLayer.DecisionTree.Counting;

/// <summary>
/// The marks that a call leaves when it is reported to have succeeded. What tells them apart is read with the call, as nothing of it is
/// kept; one without its value, or without the session that it needs, isn't left.
/// </summary>
internal sealed class MarksOfSuccess
{
    private readonly MarkNode[] _marks;
    private readonly int[]?[] _places;

    public MarksOfSuccess(MarkNode[] marks, Func<PolicyPath, int> placeOf)
    {
        _marks = marks;
        _places = Array.ConvertAll(marks, mark => UseInput.Of(mark, placeOf)?.Partition);
        AreDigested = Array.Exists(marks, mark => mark.Partition is not null);
    }

    /// <summary>Whether any goes by a value of the call.</summary>
    public bool AreDigested { get; }

    public MarkNode First => _marks[0];

    /// <summary>The digests of their values; null where none goes by one.</summary>
    public string?[]? Read(in CallInputs inputs)
    {
        if (!AreDigested)
        {
            return null;
        }

        var digests = new string?[_marks.Length];
        for (int i = 0; i < digests.Length; i++)
        {
            if (_marks[i].Partition is { } partition && IsLeft(_marks[i], inputs.SessionId))
            {
                digests[i] = inputs.Digest(partition, _places[i]!);
            }
        }

        return digests;
    }

    /// <summary>What has to be charged to leave them.</summary>
    public CounterRequest Request(long unixMilliseconds, string grantId, string? sessionId, string?[]? digests)
    {
        var counters = new List<CounterLimit>(_marks.Length);
        var partitions = new List<string?>(_marks.Length);
        for (int i = 0; i < _marks.Length; i++)
        {
            string? digest = digests?[i];
            if (IsLeft(_marks[i], sessionId) && (_marks[i].Partition is null || digest is not null))
            {
                counters.Add(_marks[i].Demand);
                partitions.Add(digest);
            }
        }

        return new CounterRequest(
            unixMilliseconds, grantId, sessionId, new CounterLimits([.. counters]), amounts: null, AreDigested ? [.. partitions] : null);
    }

    private static bool IsLeft(MarkNode mark, string? sessionId) => sessionId is not null || mark.Counter.Scope != CounterScope.Session;
}
