using System.Globalization;

namespace PolicyLayer.Cli.Output;

/// <summary>
/// Says on a terminal how far work has come that takes over a second, in one line that is wiped out at the end. Where the answers
/// themselves are shown on a terminal, they are the progress.
/// </summary>
internal sealed class ProgressLine(CommandEnvironment environment, string what) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly long _start = environment.Time.GetTimestamp();
    private readonly bool _isShown = environment.ShowsProgress && environment.TerminalWidth is null;
    private TimeSpan _next = TimeSpan.FromSeconds(1);
    private int _length;

    /// <summary>Takes down how much is done.</summary>
    public void Report(long count)
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
        string text = string.Create(CultureInfo.InvariantCulture, $"{count} {what} …");
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
