using Microsoft.Extensions.Logging;

namespace PolicyLayer.Tests.DependencyInjection;

/// <summary>Keeps what a host logs, with all its parts.</summary>
internal sealed class EntryList : ILoggerProvider
{
    public List<Entry> Entries { get; } = [];

    public bool Throws { get; init; }

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    internal sealed record Entry(
        string Category, LogLevel Level, EventId Id, string Text, Exception? Exception, IReadOnlyDictionary<string, object?> Parts)
    {
        /// <summary>The text, and each part with what a list holds.</summary>
        public string All => Text + string.Concat(Parts.Select(part =>
            $" {part.Key}={(part.Value is IEnumerable<string> texts ? string.Join(' ', texts) : part.Value)}"));
    }

    private sealed class Logger(EntryList list, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (list.Throws)
            {
                throw new InvalidOperationException("broken logger");
            }

            var parts = (IEnumerable<KeyValuePair<string, object?>>)state!;
            lock (list.Entries)
            {
                list.Entries.Add(new Entry(
                    category, logLevel, eventId, formatter(state, exception), exception, new Dictionary<string, object?>(parts)));
            }
        }
    }
}
