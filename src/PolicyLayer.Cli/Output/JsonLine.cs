using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace PolicyLayer.Cli.Output;

/// <summary>
/// Writes JSON objects a line each, every one flushed. INVARIANT: no line holds, raw, what steers a terminal or the order of what it shows.
/// </summary>
internal sealed class JsonLine(Stream output) : IDisposable
{
    private readonly ArrayBufferWriter<byte> _line = new();

    // Lines are read by programs and people, never embedded in HTML.
    private readonly Utf8JsonWriter _json = new(
        Stream.Null, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public Utf8JsonWriter Begin()
    {
        _line.ResetWrittenCount();
        _json.Reset(_line);
        _json.WriteStartObject();
        return _json;
    }

    public void End()
    {
        _json.WriteEndObject();
        _json.Flush();
        output.Write(JsonLineText.Escape(_line.WrittenSpan));
        output.Write("\n"u8);
        output.Flush();
    }

    public void WriteIfPresent(string name, string? value) => _json.WriteIfPresent(name, value);

    public void Dispose() => _json.Dispose();
}
