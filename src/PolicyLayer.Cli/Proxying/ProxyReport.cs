using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using PolicyLayer.Cli.Output;

namespace PolicyLayer.Cli.Proxying;

/// <summary>
/// What a proxy says to whoever runs it, on standard error: a line each, for a person or as JSON. Safe for any number of threads; it never
/// waits for the reader, and never throws.
/// </summary>
internal sealed class ProxyReport : IAsyncDisposable
{
    private readonly bool _isJson;
    private readonly LineQueue _lines;
    private readonly RepeatedLines _repeated;

    public ProxyReport(bool isJson, TextWriter output, TimeProvider time)
    {
        _isJson = isJson;
        _lines = new LineQueue(
            output, dropped => LineOf("warning", $"{Text(dropped)} lines more weren't read, and are left out."), time);
        _repeated = new RepeatedLines((kind, count) => _lines.Add(LineOf("warning", $"{Text(count)} more like it: {kind}")), time);
    }

    /// <summary>An event of the proxy's own.</summary>
    /// <param name="name">What happened, for programs.</param>
    /// <param name="text">The same for a person.</param>
    /// <param name="writeMembers">Its members beside <c>event</c>.</param>
    public void Write(string name, string text, Action<Utf8JsonWriter> writeMembers) =>
        _lines.Add(_isJson ? JsonOf(name, writeMembers) : PlainTable.OneLine(text));

    /// <summary>A line of a log; repeated ones are counted.</summary>
    /// <param name="level">How much it matters.</param>
    /// <param name="message">What happened, without a value of anybody's.</param>
    public void Log(LogLevel level, string message)
    {
        string line = PlainTable.OneLine(message);
        if (_repeated.Take(line))
        {
            _lines.Add(LineOf(WordOf(level), line));
        }
    }

    public async ValueTask DisposeAsync()
    {
        _repeated.Dispose();
        await _lines.DisposeAsync().ConfigureAwait(false);
    }

    private static string WordOf(LogLevel level) => level switch
    {
        >= LogLevel.Error => "error",
        LogLevel.Warning => "warning",
        _ => "info",
    };

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string JsonOf(string name, Action<Utf8JsonWriter> writeMembers)
    {
        using var text = new MemoryStream();
        using var line = new JsonLine(text);
        Utf8JsonWriter json = line.Begin();
        json.WriteString("event", name);
        writeMembers(json);
        line.End();
        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length - 1);
    }

    private string LineOf(string level, string message) => !_isJson
        ? $"{level}: {message}"
        : JsonOf("log", json =>
        {
            json.WriteString("level", level);
            json.WriteString("message", message);
        });
}
