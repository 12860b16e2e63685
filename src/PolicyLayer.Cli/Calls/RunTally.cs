using System.Globalization;

namespace PolicyLayer.Cli.Calls;

/// <summary>
/// What of a run is as its lines say. All is counted, and only the first ones that aren't are kept, to be told behind the answers:
/// a long stream says at its end what it comes to.
/// </summary>
internal sealed class RunTally
{
    private const int MaxShown = 20;

    private readonly List<string> _shown = [];
    private long _asExpected;
    private long _notExpected;
    private long _failures;

    /// <summary>Whether all is as it should be.</summary>
    public bool IsGood => _notExpected + _failures == 0;

    /// <summary>Compares a decision with what its line expects, if it expects anything.</summary>
    public void Compare(CallLine line, in ToolCallDecision decision, string place)
    {
        if (line.Expect is not { } expected)
        {
            return;
        }

        if (Expectation.IsMet(expected, decision))
        {
            _asExpected++;
            return;
        }

        _notExpected++;
        string name = line.Name is { Length: > 0 } text ? QuotedText.Of(text) + " " : "";
        string got = $"`{decision.Outcome.ToWireString()}` (`{decision.Code.ToWireString()}`)";
        Keep($"{place}: {name}expected {QuotedText.Of(expected)}, got {got}.");
    }

    /// <summary>Takes down a line that couldn't do what it says.</summary>
    public void Fail(string place, string why)
    {
        _failures++;
        Keep($"{place}: {why}");
    }

    /// <summary>Tells of what isn't as it should be, then how many are.</summary>
    /// <param name="output">What is written to.</param>
    /// <param name="isForPerson">Whether a run in which all is good says so: a program has each line's word for that.</param>
    public void Write(TextWriter output, bool isForPerson)
    {
        foreach (string text in _shown)
        {
            output.WriteLine(text);
        }

        long all = _notExpected + _failures;
        if (all > _shown.Count)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"… and {all - _shown.Count} more."));
        }

        if (isForPerson ? all + _asExpected > 0 : all > 0)
        {
            string lines = _failures == 1 ? "line" : "lines";
            string failed = _failures == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"; {_failures} {lines} failed");
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_asExpected} as expected, {_notExpected} not{failed}."));
        }
    }

    private void Keep(string text)
    {
        if (_shown.Count < MaxShown)
        {
            _shown.Add(text);
        }
    }
}
