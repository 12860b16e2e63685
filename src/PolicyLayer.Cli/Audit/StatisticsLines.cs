using System.Text.Json;
using PolicyLayer.Cli.Output;

namespace PolicyLayer.Cli.Audit;

/// <summary>Tells programs what was counted: all of it, a JSON object a row, behind one of the whole log.</summary>
internal static class StatisticsLines
{
    public static void Write(LogStatistics log, CommandEnvironment environment)
    {
        using var line = new JsonLine(environment.Output);
        WriteLog(log, line);
        WriteCounts("grant", log.Grants, line);
        WriteCounts("tool", log.Tools, line);
        WriteReasons(log.Reasons, line);
    }

    private static void WriteLog(LogStatistics log, JsonLine line)
    {
        Utf8JsonWriter json = line.Begin();
        json.WriteNumber("records", log.Records);
        if (log is { First: { } first, Last: { } last })
        {
            json.WriteString("first", first.ToUniversalTime());
            json.WriteString("last", last.ToUniversalTime());
        }

        line.End();
    }

    private static void WriteCounts(string what, CountsByName<string> all, JsonLine line)
    {
        foreach ((string name, RecordCounts counts) in StatisticsRows.Of(all))
        {
            Utf8JsonWriter json = Begin(what, line);
            json.WriteString(what, name);
            WriteCalls(counts, json);
            line.End();
        }

        if (all.Others is { } others)
        {
            WriteCalls(others, BeginOthers(what, line));
            line.End();
        }
    }

    private static void WriteReasons(CountsByName<(string Code, string Rule)> all, JsonLine line)
    {
        const string What = "rule";
        foreach (((string code, string rule), RecordCounts counts) in StatisticsRows.Of(all))
        {
            Utf8JsonWriter json = Begin(What, line);
            line.WriteIfPresent("code", code);
            line.WriteIfPresent("rule", rule);
            json.WriteNumber("records", counts.Records);
            line.End();
        }

        if (all.Others is { } others)
        {
            BeginOthers(What, line).WriteNumber("records", others.Records);
            line.End();
        }
    }

    private static Utf8JsonWriter Begin(string what, JsonLine line)
    {
        Utf8JsonWriter json = line.Begin();
        json.WriteString("by", what);
        return json;
    }

    private static Utf8JsonWriter BeginOthers(string what, JsonLine line)
    {
        Utf8JsonWriter json = Begin(what, line);
        json.WriteBoolean("others", true);
        return json;
    }

    private static void WriteCalls(RecordCounts counts, Utf8JsonWriter json)
    {
        json.WriteNumber("calls", counts.Calls);
        json.WriteNumber("allowed", counts.Allowed);
        json.WriteNumber("denied", counts.Denied);
        json.WriteNumber("asked", counts.Asked);
        json.WriteNumber("corrected", counts.Corrected);
    }
}
