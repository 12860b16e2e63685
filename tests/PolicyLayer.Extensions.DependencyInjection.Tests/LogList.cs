using Microsoft.Extensions.Logging;

namespace PolicyLayer.Tests.DependencyInjection;

/// <summary>Keeps what a host logs.</summary>
internal sealed class LogList : ILoggerProvider, ILogger
{
    public List<string> Lines { get; } = [];

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (Lines)
        {
            Lines.Add($"{logLevel} {formatter(state, exception)}");
        }
    }

    public void Dispose()
    {
    }
}
