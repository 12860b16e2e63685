using System.Globalization;

namespace PolicyLayer.Cli.Output;

/// <summary>
/// Says on a terminal how far work has come that takes over a second, in one line that is wiped out at the end. Where answers are shown
/// on a terminal as they come, they are the progress.
/// </summary>
/// <param name="environment">Where it is shown.</param>
/// <param name="what">What is counted.</param>
/// <param name="answersCome">Whether there are answers before the end.</param>
internal sealed class ProgressLine(CommandEnvironment environment, string what, bool answersCome) : IProgress<long>, IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly long _start = environment.Time.GetTimestamp();
    private readonly bool _isShown = environment.ShowsProgress && !(answersCome && environment.TerminalWidth is not null);
    private TimeSpan _next = TimeSpan.FromSeconds(1);
    private int _length;

    /// <summary>Takes down how much is done.</summary>
    public void Report(long value)
    {
        if (!_isShown)
        {
            return;
        }

        TimeSpan elapsed = environment.Time.GetElapsedTime(_start);
        if (elapsed <= _next)
        {
            return;
        }

        _next = elapsed + Interval;
        string text = string.Create(CultureInfo.InvariantCulture, $"{value} {what} …");
        environment.Error.Write("\r" + text);
        _length = text.Length;
    }

    /// <summary>Wipes the line out.</summary>
    public void Dispose()
    {
        if (_length > 0)
        {
            environment.Error.Write("\r" + new string(' ', _length) + "\r");
            _length = 0;
        }
    }
}
