using System.Globalization;
using System.Text;
using PolicyLayer.Compilation.Context;
using PolicyLayer.DecisionTree.Paths;
using PolicyLayer.Documents;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Compilation.Rules;

/// <summary>
/// Warns of conditions on <c>time</c> that no time meets, alone or together with those before them in their list, or that every time does.
/// Each value that a time may have is tried.
/// </summary>
internal static class TimeConditions
{
    private static readonly Dictionary<string, (int First, int Last)> Ranges = new(StringComparer.Ordinal)
    {
        ["hour"] = (0, 23),
        ["minute_of_day"] = (0, 1_439),
        ["weekday"] = (1, 7),
        ["day"] = (1, 31),
        ["month"] = (1, 12),
    };

    /// <param name="conditions">A list of conditions, or of lists of them.</param>
    /// <param name="context">Where findings go.</param>
    public static void Report(SyntaxNode conditions, CompilationContext context)
    {
        Dictionary<string, bool[]>? open = null;
        foreach (SyntaxNode element in conditions.Elements)
        {
            if (element.Kind == JsonKind.Array)
            {
                Report(element, context);
            }
            else if (RuleWarnings.Find(element, "path") is { Kind: JsonKind.String } path
                && TimeOf(path, context) is { } name
                && HeldBy(element, Ranges[name], context) is { } held)
            {
                ReportOne(path, name, held, open ??= new Dictionary<string, bool[]>(StringComparer.Ordinal), context);
                ReportStrays(element, name, held, context);
            }
        }
    }

    private static void ReportOne(SyntaxNode path, string name, bool[] held, Dictionary<string, bool[]> open, CompilationContext context)
    {
        bool[] together = [.. held];
        if (open.TryGetValue(name, out bool[]? before))
        {
            for (int i = 0; i < held.Length; i++)
            {
                together[i] &= before[i];
            }
        }

        bool isNever = !held.Contains(true);
        if (isNever || !held.Contains(false))
        {
            string holds = isNever ? "never holds" : "always holds";
            Warn(
                path,
                $"{path.Quote()} is from {Ranges[name].First} to {Ranges[name].Last}: this condition {holds}.",
                "correct the operator or its value",
                context);
        }
        else if (!together.Contains(true) && (before is null || before.Contains(true)))
        {
            Warn(
                path,
                $"No time meets this condition and those before it on {path.Quote()}, so they never hold together.",
                "for a span over the end, as from 22 to 6, write two lists of `any`",
                context);
        }

        open[name] = together;
    }

    /// <summary>Numbers of a list, of which others are times, that no time equals: cron and .NET have a Sunday of 0.</summary>
    private static void ReportStrays(SyntaxNode condition, string name, bool[] held, CompilationContext context)
    {
        (int first, int last) = Ranges[name];
        if (!held.Contains(true) || !held.Contains(false) || RuleWarnings.Find(condition, "value") is not { Kind: JsonKind.Array } list)
        {
            return;
        }

        foreach (SyntaxNode number in list.Elements)
        {
            double time = Read(number);
            if (time < first || time > last || Math.Floor(time) < time)
            {
                Warn(
                    number,
                    $"{number.Quote()} is no time: `time.{name}` is from {first} to {last}.",
                    name == "weekday" ? "Monday is 1 and Sunday is 7" : "remove it, or correct it",
                    context);
            }
        }
    }

    private static void Warn(SyntaxNode path, string message, string help, CompilationContext context) =>
        context.Findings.Report(DiagnosticDescriptors.NoSuchTime, path, message, help);

    /// <summary>Which of <see cref="Ranges"/> a path leads to, or null.</summary>
    private static string? TimeOf(SyntaxNode path, CompilationContext context)
    {
        if (context.Path(path.GetString(), out _) is not { Root: PathRoot.Time, Steps: [{ Name: { } step }] })
        {
            return null;
        }

        string name = Encoding.UTF8.GetString(step.Utf8);
        return Ranges.ContainsKey(name) ? name : null;
    }

    /// <summary>For each value of a range whether it meets a condition; null where that isn't known.</summary>
    private static bool[]? HeldBy(SyntaxNode condition, (int First, int Last) range, CompilationContext context)
    {
        if (RuleWarnings.Find(condition, "op") is not { Kind: JsonKind.String } word
            || RuleWarnings.Find(condition, "value") is not { } value
            || NumbersOf(value) is not { } numbers
            || !context.TrySpend((long)numbers.Length * (1 + range.Last - range.First)))
        {
            return null;
        }

        string op = word.GetString();
        bool isList = value.Kind == JsonKind.Array;
        if (isList ? op is not ("in" or "not_in") : op is not ("eq" or "neq" or "lt" or "lte" or "gt" or "gte"))
        {
            return null;
        }

        return [.. Enumerable.Range(range.First, 1 + range.Last - range.First).Select(time => Holds(op, time, numbers))];
    }

    private static bool Holds(string op, double time, double[] numbers) => op switch
    {
        "lt" => time < numbers[0],
        "lte" => time <= numbers[0],
        "gt" => time > numbers[0],
        "gte" => time >= numbers[0],
        "neq" or "not_in" => !numbers.Contains(time),
        _ => numbers.Contains(time),
    };

    /// <summary>A number, or those of a list; null where there is anything else, of which others warn.</summary>
    private static double[]? NumbersOf(SyntaxNode value)
    {
        var numbers = new List<double>();
        foreach (SyntaxNode element in value.Elements)
        {
            if (element.Kind != JsonKind.Number)
            {
                return null;
            }

            numbers.Add(Read(element));
        }

        if (value.Kind == JsonKind.Number)
        {
            numbers.Add(Read(value));
        }

        return numbers.Count == 0 ? null : [.. numbers];
    }

    // Near enough: what isn't whole equals no time, and stays on its side of one.
    private static double Read(SyntaxNode number) => double.Parse(number.Raw, NumberStyles.Float, CultureInfo.InvariantCulture);
}
