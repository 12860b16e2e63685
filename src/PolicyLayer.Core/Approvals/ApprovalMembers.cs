using System.Text.Json;
using PolicyLayer.Counters;

namespace PolicyLayer.Approvals;

/// <summary>
/// Reads the members of a request's content. INVARIANT: a content is as hostile as whoever can write into the store; what isn't of the form
/// that was written is as if it weren't there.
/// </summary>
internal static class ApprovalMembers
{
    private const decimal Largest = (decimal)CounterDemand.Largest / CounterDemand.Unit;

    public static string? Text(JsonElement owner, string name)
    {
        if (owner.ValueKind != JsonValueKind.Object || !owner.TryGetProperty(name, out JsonElement value))
        {
            return null;
        }

        return Text(value);
    }

    /// <summary>A list of texts, empty where there is none; null for what is no such list.</summary>
    public static IReadOnlyList<string>? Texts(JsonElement owner, string name) => List(owner, name, Text);

    /// <summary>What the counters stand at; empty where one of them can't be read, as half of them would mislead.</summary>
    public static IReadOnlyList<ApprovalCounter> Counters(JsonElement owner) => List(owner, "counters", Counter) ?? [];

    public static JsonElement? Object(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Object ? value.Clone() : null;

    private static T[]? List<T>(JsonElement owner, string name, Func<JsonElement, T?> read)
        where T : class
    {
        if (!owner.TryGetProperty(name, out JsonElement list))
        {
            return [];
        }

        if (list.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var all = new List<T>(list.GetArrayLength());
        foreach (JsonElement element in list.EnumerateArray())
        {
            if (read(element) is not { } item)
            {
                return null;
            }

            all.Add(item);
        }

        return [.. all];
    }

    private static ApprovalCounter? Counter(JsonElement element) =>
        Text(element, "rule") is { } rule
        && Text(element, "name") is { } name
        && Amount(element, "used") is { } used
        && Amount(element, "amount") is { } amount
        && Amount(element, "max") is { } max
            ? new ApprovalCounter(rule, name, used, amount, max)
            : null;

    private static decimal? Amount(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out JsonElement value)
        && value.ValueKind == JsonValueKind.Number
        && value.TryGetDecimal(out decimal amount)
        && amount is >= 0 and <= Largest
            ? amount
            : null;

    private static string? Text(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, or bytes that are no UTF-8.
            return null;
        }
    }
}
