using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace PolicyLayer.Tests.Proxy.Http;

/// <summary>Keeps what a proxy told of.</summary>
internal sealed class LogLines : ILoggerFactory, ILogger
{
    private readonly ConcurrentQueue<(string? Name, string Text)> _lines = new();

    /// <summary>The texts of one kind of event.</summary>
    public string[] Of(string name) => [.. _lines.Where(line => line.Name == name).Select(line => line.Text)];

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue((eventId.Name, formatter(state, exception)));

    public void Dispose()
    {
    }
}
