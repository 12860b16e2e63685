using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace PolicyLayer.Tests.Differential;

/// <summary>Judges one condition, by the words of the policy's description and nothing else.</summary>
internal static class NaiveCondition
{
    private static readonly Regex Step = new("""\.[^.\[\]"]+|\["(?:[^"\\]|\\.)*"\]|\[\d+\]|\[\*\]""", RegexOptions.Singleline);

    private static readonly ConcurrentDictionary<string, List<string>> ParsedPaths = new(StringComparer.Ordinal);

    /// <summary>What an operator says of an argument that is there, and its value.</summary>
    private static readonly Dictionary<string, Func<Json, Json, Truth>> Judges = new(StringComparer.Ordinal)
    {
        ["eq"] = SameKind,
        ["neq"] = (argument, value) => TruthTable.Not(SameKind(argument, value)),
        ["in"] = In,
        ["not_in"] = (argument, value) => TruthTable.Not(In(argument, value)),
        ["lt"] = (argument, value) => Numbers(argument, value, order => order < 0),
        ["lte"] = (argument, value) => Numbers(argument, value, order => order <= 0),
        ["gt"] = (argument, value) => Numbers(argument, value, order => order > 0),
        ["gte"] = (argument, value) => Numbers(argument, value, order => order >= 0),
        ["regex"] = Matches,
        ["contains"] = Contains,
    };

    public static IEnumerable<string> Operators => [.. Judges.Keys, "exists", .. NaiveGrammars.Operators];

    public static Truth Judge(Json condition, Func<string, Json> root, bool require)
    {
        string path = condition["path"]!.Text, op = condition["op"]!.Text;
        bool optional = condition["optional"]?.Text == "true";
        bool isFact = path.StartsWith("context", StringComparison.Ordinal) || path.StartsWith("grant", StringComparison.Ordinal);
        Json? operand = condition["value"] ?? Taken(condition["value_from"]!.Text, op, root);
        Truth passes = TruthTable.Of(require);

        Truth JudgeOne(Found found)
        {
            if (optional && !found.IsUnjudgeable && (found.Value is null || found.Value.Kind == "null"))
            {
                return passes;
            }

            bool isLost = isFact && found.Value is null && op != "exists";
            return operand is null || isLost ? Truth.Unjudgeable : Judge(op, operand, found, require);
        }

        List<Truth> judged = [.. Resolve(path, root).Select(JudgeOne)];
        if (judged.Count == 0)
        {
            return optional ? passes : operand is null ? Truth.Unjudgeable : Truth.False;
        }

        return require ? TruthTable.All(judged) : TruthTable.Any(judged);
    }

    /// <summary>The operand that <c>value_from</c> finds; null where it can't be one.</summary>
    private static Json? Taken(string path, string op, Func<string, Json> root)
    {
        Json? found = Resolve(path, root).Single().Value;
        bool fits = op switch
        {
            "in" or "not_in" => found?.Kind == "array",
            "lt" or "lte" or "gt" or "gte" => found?.Kind == "number",
            _ when NaiveGrammars.Operators.Contains(op) => found is not null && NaiveGrammars.ArePatterns(op, found),
            _ => found is not null && found.Kind != "null",
        };
        return fits ? found : null;
    }

    /// <summary>What one path finds: a value, nothing, or a step that can't be judged.</summary>
    public readonly record struct Found(Json? Value, bool IsUnjudgeable);

    /// <summary>Whether two names differ, but only by case.</summary>
    public static bool DifferByCase(string left, string right) =>
        left != right
        && (string.Equals(left, right, StringComparison.OrdinalIgnoreCase)
            || string.Equals(WithoutOddLetters(left), WithoutOddLetters(right), StringComparison.OrdinalIgnoreCase));

    /// <summary>A text that is the same for all that differ only by case.</summary>
    public static string WithoutCase(string text) => WithoutOddLetters(text).ToUpperInvariant();

    public static IEnumerable<Found> Resolve(string path, Func<string, Json> root)
    {
        string name = new([.. path.TakeWhile(c => c is not ('.' or '['))]);
        return Walk(root(name), Steps(path[name.Length..]));
    }

    private static IEnumerable<Found> Walk(Json value, List<string> steps)
    {
        if (steps.Count == 0)
        {
            return [new Found(value, false)];
        }

        string step = steps[0];
        List<string> rest = steps[1..];
        if (value.Kind == "null")
        {
            return [new Found(null, false)];
        }

        if (value.Kind != (step[0] == '.' ? "object" : "array"))
        {
            return [new Found(null, true)];
        }

        if (step[0] == '.' && value.Members.Exists(m => DifferByCase(m.Name, step[1..])))
        {
            return [new Found(null, true)];
        }

        if (step == "[*]")
        {
            return value.Items.SelectMany(item => Walk(item, rest));
        }

        Json? next = step[0] == '.'
            ? value[step[1..]]
            : value.Items.ElementAtOrDefault(int.Parse(step[1..^1], CultureInfo.InvariantCulture));
        return next is null ? [new Found(null, false)] : Walk(next, rest);
    }

    /// <summary>The letters that the framework leaves apart from those that simple case folding pairs them with.</summary>
    private static string WithoutOddLetters(string name) => name
        .Replace('\u017f', 's').Replace('\u212a', 'k').Replace('\u212b', '\u00e5')
        .Replace('\u2126', '\u03c9').Replace('\u03f4', '\u03b8').Replace('\u1e9e', '\u00df');

    /// <summary>Each step as <c>.name</c>, <c>[0]</c> or <c>[*]</c>, quoted names decoded.</summary>
    private static List<string> Steps(string path) => ParsedPaths.GetOrAdd(path, static text =>
    [
        .. Step.Matches(text).Select(match => match.Value.StartsWith("[\"", StringComparison.Ordinal)
            ? "." + JsonSerializer.Deserialize<string>(match.Value[1..^1])
            : match.Value),
    ]);

    private static Truth Judge(string op, Json value, Found found, bool require)
    {
        if (found.IsUnjudgeable)
        {
            return Truth.Unjudgeable;
        }

        if (op == "exists")
        {
            return TruthTable.Of(found.Value is not null == (value.Text == "true"));
        }

        if (found.Value is not { } argument)
        {
            return TruthTable.Of(op is "neq" or "not_in" && !require);
        }

        return NaiveGrammars.Operators.Contains(op)
            ? NaiveGrammars.Judge(op, argument, NaiveGrammars.PatternsOf(value), require)
            : Judges[op](argument, value);
    }

    private static Truth Matches(Json argument, Json value) => argument.Kind == "string"
        ? TruthTable.Of(Regex.IsMatch(argument.Text, value.Text, RegexOptions.CultureInvariant))
        : Truth.Unjudgeable;

    private static Truth Numbers(Json argument, Json value, Func<int, bool> holds) =>
        argument.Kind == "number" ? NaiveNumber.Compare(argument.Text, value.Text, holds) : Truth.Unjudgeable;

    private static Truth SameKind(Json argument, Json value) =>
        argument.Kind == value.Kind ? DeepEquals(argument, value) : Truth.Unjudgeable;

    private static Truth In(Json argument, Json list) => list.Items.Count == 0 || list.Items.Any(item => item.Kind == argument.Kind)
        ? TruthTable.Any(list.Items.Select(item => DeepEquals(argument, item)))
        : Truth.Unjudgeable;

    private static Truth Contains(Json argument, Json value) => argument.Kind switch
    {
        "string" when value.Kind == "string" => TruthTable.Of(argument.Text.Contains(value.Text, StringComparison.Ordinal)),
        "array" => TruthTable.Any(argument.Items.Select(item => SameKind(item, value))),
        _ => Truth.Unjudgeable,
    };

    private static Truth DeepEquals(Json left, Json right)
    {
        if (left.Kind != right.Kind)
        {
            return Truth.False;
        }

        switch (left.Kind)
        {
            case "number":
                return NaiveNumber.Compare(left.Text, right.Text, order => order == 0);
            case "array":
                return left.Items.Count != right.Items.Count ? Truth.False : TruthTable.All(left.Items.Zip(right.Items, DeepEquals));
            case "object":
                return left.Members.Count != right.Members.Count
                    ? Truth.False
                    : TruthTable.All(left.Members.Select(m => right[m.Name] is { } other ? DeepEquals(m.Value, other) : Truth.False));
            default:
                return TruthTable.Of(left.Text == right.Text);
        }
    }
}
