using System.Text.Json;
using PolicyLayer.Approvals;

namespace PolicyLayer.Cli.Output;

/// <summary>Requests for programs, whole and escaped by JSON alone; and in a table, without their values.</summary>
internal static class ApprovalOutput
{
    public static void WriteJson(ApprovalView request, CommandEnvironment environment)
    {
        using var line = new JsonLine(environment.Output);
        Utf8JsonWriter json = line.Begin();
        json.WriteString("id", request.Id);
        json.WriteString("status", request.Status.ToWireString());
        json.WriteString("requested", request.Requested);
        json.WriteString("until", request.Until);
        json.WriteString("grant", request.GrantId);
        line.WriteIfPresent("label", request.GrantLabel);
        line.WriteIfPresent("session", request.SessionId);
        line.WriteIfPresent("session_source", request.SessionSource);
        line.WriteIfPresent("server", request.Server);
        line.WriteIfPresent("tool", request.ToolName);
        line.WriteIfPresent("risk", request.Risk);
        line.WriteIfPresent("why", request.AskedBecause);
        line.WriteIfPresent("rule", request.Rule);
        json.WriteIfPresent("rules", request.Rules);
        line.WriteIfPresent("policy", request.PolicyName);
        line.WriteIfPresent("revision", request.PolicyRevision);
        WriteCounters(json, request.Counters);
        WriteCover(json, request);
        line.WriteIfPresent("answered_by", request.AnsweredBy);
        if (request.Answered is { } answered)
        {
            json.WriteString("answered", answered);
        }

        line.WriteIfPresent("because", request.AnsweredBecause);
        WriteValue(json, "context", request.Context);
        WriteValue(json, "arguments", request.Arguments);
        if (ApprovalWords.IsOpen(request) && !ApprovalWords.CanBeShown(request))
        {
            json.WriteBoolean("readable", false);
        }

        line.End();
    }

    public static void WriteTable(IReadOnlyList<ApprovalView> requests, CommandEnvironment environment)
    {
        var table = new PlainTable("id", "since (UTC)", "until (UTC)", "grant", "tool", "why");
        foreach (ApprovalView request in requests)
        {
            table.AddRow([.. CellsOf(request).Select(cell => PlainTable.Cell(cell))]);
        }

        table.Write(environment);
    }

    /// <summary>What tells a request from others, fit to be shown.</summary>
    public static string[] CellsOf(ApprovalView request) =>
    [
        VisibleText.OfQuotedName(request.Id),
        ApprovalWords.MomentOf(request.Requested),
        ApprovalWords.MomentOf(request.Until),
        VisibleText.OfQuotedName(request.GrantId),
        request.ToolName is { } tool ? VisibleText.OfQuotedName(tool) : "?",
        ApprovalWords.CanBeShown(request) ? VisibleText.Of(request.AskedBecause ?? "") : "It can't be read with these keys.",
    ];

    private static void WriteCover(Utf8JsonWriter json, ApprovalView request)
    {
        json.WriteIfPresent("same", request.Same);
        json.WriteNumber("uses", request.Terms.Uses);
        json.WriteNumber("for_ms", request.Terms.ValidFor.Ticks / TimeSpan.TicksPerMillisecond);
        json.WriteNumber("uses_left", request.UsesLeft);
        if (request.IsExact)
        {
            json.WriteBoolean("exact", true);
        }
    }

    private static void WriteCounters(Utf8JsonWriter json, IReadOnlyList<ApprovalCounter> counters)
    {
        if (counters.Count == 0)
        {
            return;
        }

        json.WriteStartArray("counters");
        foreach (ApprovalCounter counter in counters)
        {
            json.WriteStartObject();
            json.WriteString("rule", counter.Rule);
            json.WriteString("name", counter.Name);
            json.WriteNumber("used", counter.Used);
            json.WriteNumber("amount", counter.Amount);
            json.WriteNumber("max", counter.Max);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    // As it stands: a writer's own form of a number or of half a surrogate pair would be another text.
    private static void WriteValue(Utf8JsonWriter json, string name, JsonElement? value)
    {
        if (value is { } element)
        {
            json.WritePropertyName(name);
            json.WriteRawValue(element.GetRawText(), skipInputValidation: true);
        }
    }
}
