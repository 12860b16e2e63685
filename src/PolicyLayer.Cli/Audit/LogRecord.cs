using System.Text;
using System.Text.Json;

namespace PolicyLayer.Cli.Audit;

/// <summary>What a line of a log says, whoever wrote it: what can't be read of it is left out.</summary>
internal sealed class LogRecord
{
    private readonly JsonElement _members;

    private LogRecord(JsonElement members) => _members = members;

    public long? Sequence =>
        Find("sequence") is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out long value) ? value : null;

    public DateTimeOffset? Time => MomentText.TryParse(Text("time"), out DateTimeOffset time) ? time : null;

    public string Kind => Text("kind");

    public string Grant => Text("grant");

    public string Tool => Text("tool");

    public string Outcome => Text("outcome");

    public string Code => Text("code");

    public string Rule => Text("rule");

    /// <summary>Reads a line; null where it isn't a JSON object.</summary>
    public static LogRecord? Read(ReadOnlyMemory<byte> line)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            return document.RootElement.ValueKind == JsonValueKind.Object ? new LogRecord(document.RootElement.Clone()) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A member as text: a string's own, JSON of anything else, empty where there is none.</summary>
    public string Text(string name)
    {
        if (Find(name) is not { } member)
        {
            return "";
        }

        try
        {
            return member.ValueKind == JsonValueKind.String ? member.GetString()! : member.GetRawText();
        }
        catch (InvalidOperationException)
        {
            // No sink writes text that isn't Unicode's.
            return Rune.ReplacementChar.ToString();
        }
    }

    /// <summary>How many elements a member has; 0 where it is no array.</summary>
    public int Count(string name) => Find(name) is { ValueKind: JsonValueKind.Array } array ? array.GetArrayLength() : 0;

    private JsonElement? Find(string name)
    {
        try
        {
            return _members.TryGetProperty(name, out JsonElement member) ? member : null;
        }
        catch (InvalidOperationException)
        {
            // No sink writes names that aren't Unicode's, beside which none is found.
            return null;
        }
    }
}
