using System.Globalization;
using System.Text.Json;
using PolicyLayer.Counters;

namespace PolicyLayer.Cli.Output;

/// <summary>Shows counters. Amounts are units, with at most 6 decimals.</summary>
internal static class CounterOutput
{
    public static void WriteJson(IEnumerable<CounterStatus> counters, CommandEnvironment environment)
    {
        using var line = new JsonLine(environment.Output);
        foreach (CounterStatus counter in counters)
        {
            (CounterKey key, CounterDefinition definition) = (counter.Key, counter.Key.Definition);
            Utf8JsonWriter json = line.Begin();
            json.WriteString("policy", definition.PolicyName);
            json.WriteString("counter", definition.CounterName);
            json.WriteString("kind", definition.Kind.ToWireString());
            json.WriteString("scope", definition.Scope.ToWireString());
            line.WriteIfPresent("grant", key.GrantId);
            line.WriteIfPresent("session", key.SessionId);
            json.WriteString("window", definition.Window.ToString());
            json.WriteString("algorithm", definition.Algorithm.ToWireString());
            line.WriteIfPresent("value_digest", key.Partition);
            json.WriteNumber("used", Units(counter.UsedMillionths));
            json.WriteString("until", counter.Expires);
            line.End();
        }
    }

    public static void WriteTable(IReadOnlyList<CounterStatus> counters, CommandEnvironment environment)
    {
        if (counters.Count == 0)
        {
            environment.Error.WriteLine("No counter holds anything.");
            return;
        }

        var table = new PlainTable("policy", "counter", "of", "window", "used", "until (UTC)");
        foreach (CounterStatus counter in counters)
        {
            CounterDefinition definition = counter.Key.Definition;
            table.AddRow(
                PlainTable.Cell(definition.PolicyName),
                PlainTable.Cell(NameOf(definition)),
                PlainTable.Cell(OwnerOf(counter.Key)),
                PlainTable.Cell(WindowOf(definition)),
                PlainTable.Cell(AmountText.Of(Units(counter.UsedMillionths))),
                PlainTable.Cell(counter.Expires.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)));
        }

        table.Write(environment);
    }

    public static void WriteReset(int count, bool asJson, CommandEnvironment environment)
    {
        if (!asJson)
        {
            string counters = count == 1 ? "counter was" : "counters were";
            environment.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} {counters} reset."));
            return;
        }

        using var line = new JsonLine(environment.Output);
        line.Begin().WriteNumber("reset", count);
        line.End();
    }

    private static string NameOf(CounterDefinition definition) => definition.Kind == CounterKind.Limit
        ? definition.CounterName
        : $"{definition.CounterName} ({(definition.Algorithm == CounterAlgorithm.Recent ? "succeeded" : "allowed")})";

    private static string OwnerOf(CounterKey key)
    {
        string owner = key.Definition.Scope switch
        {
            CounterScope.Policy => "all",
            CounterScope.Grant => key.GrantId!,
            _ => $"{key.GrantId}, session {key.SessionId}",
        };
        return key.Partition is null ? owner : $"{owner}, value {key.Partition}";
    }

    private static string WindowOf(CounterDefinition definition)
    {
        string window = definition.Window.Duration is null ? definition.Window.ToString() : definition.Window + " s";
        return definition is { Kind: CounterKind.Limit, Algorithm: CounterAlgorithm.Sliding } ? $"{window}, sliding" : window;
    }

    private static decimal Units(long millionths) => millionths / (decimal)CounterDemand.Unit;
}
