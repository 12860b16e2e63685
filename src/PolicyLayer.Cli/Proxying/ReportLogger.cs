using Microsoft.Extensions.Logging;

namespace PolicyLayer.Cli.Proxying;

/// <summary>Writes what is logged to a report: the message, and of an exception its type alone.</summary>
internal sealed class ReportLogger(ProxyReport report) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Information and < LogLevel.None;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            string message = formatter(state, exception);
            report.Log(logLevel, exception is null ? message : $"{message} ({exception.GetType()})");
        }
    }

    /// <summary>Gives all categories one logger.</summary>
    internal sealed class Provider(ProxyReport report) : ILoggerProvider
    {
        private readonly ReportLogger _logger = new(report);

        public ILogger CreateLogger(string categoryName) => _logger;

        public void Dispose()
        {
        }
    }
}
