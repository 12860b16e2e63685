using Microsoft.Extensions.Logging;
using PolicyLayer.Tests.Secrets.Searching;

namespace PolicyLayer.Tests.Secrets.Witnesses;

/// <summary>Sees all that is logged at any level: texts, parts, exceptions and scopes.</summary>
internal sealed class LogWitness(Witness witness) : ILoggerProvider
{
    public const string Place = "logs";

    public ILogger CreateLogger(string categoryName) => new Logger(witness);

    public void Dispose()
    {
    }

    private sealed class Logger(Witness witness) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            witness.SeeObject(Place, state);
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            witness.See(Place, formatter(state, exception));
            witness.SeeObject(Place, state);
            if (state is IEnumerable<KeyValuePair<string, object?>> parts)
            {
                foreach ((string name, object? value) in parts)
                {
                    witness.See(Place, name);
                    witness.SeeObject(Place, value);
                }
            }

            if (exception is not null)
            {
                witness.SeeException(Place, exception);
            }
        }
    }
}
