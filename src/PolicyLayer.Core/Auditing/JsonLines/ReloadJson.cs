using System.Text.Json;
using PolicyLayer.Text;

namespace PolicyLayer.Auditing.JsonLines;

/// <summary>Writes what a record says of a reload.</summary>
internal static class ReloadJson
{
    public static void Write(Utf8JsonWriter json, AuditRecord record, AuditReload reload, RecordShape shape)
    {
        WriteText(json, "policy", record.PolicyName, shape);
        WriteText(json, "revision", record.PolicyRevision, shape);
        WriteText(json, "previous_revision", reload.PreviousRevision, shape);
        if (reload.BecameFirst)
        {
            json.WriteBoolean("became_first", true);
        }

        WriteNames(json, "new_counters", reload.NewCounters, shape);
        WriteNames(json, "new_marks", reload.NewMarks, shape);
        WriteNumber(json, "grants_added", reload.GrantsAdded);
        WriteNumber(json, "grants_changed", reload.GrantsChanged);
        WriteNumber(json, "grants_removed", reload.GrantsRemoved);
        if (shape.IsShortened)
        {
            json.WriteBoolean("shortened", true);
        }
    }

    private static void WriteText(Utf8JsonWriter json, string name, string? value, RecordShape shape)
    {
        if (!string.IsNullOrEmpty(value))
        {
            json.WriteString(name, Utf16.Cut(value, shape.TextLength));
        }
    }

    private static void WriteNames(Utf8JsonWriter json, string name, IReadOnlyList<string> names, RecordShape shape)
    {
        int count = Math.Min(names.Count, shape.Names);
        if (count == 0)
        {
            return;
        }

        json.WriteStartArray(name);
        for (int i = 0; i < count; i++)
        {
            json.WriteStringValue(names[i]);
        }

        json.WriteEndArray();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, int? number)
    {
        if (number is { } value)
        {
            json.WriteNumber(name, value);
        }
    }
}
