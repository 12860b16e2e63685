using PolicyLayer.Json.Values;
using PolicyLayer.Tests.Grammars;

namespace PolicyLayer.Tests.Differential;

/// <summary>The operators of meaning over JSON values.</summary>
internal static class NaiveGrammars
{
    public static readonly string[] Operators = ["within", "url_in", "email_in", "command_in", "argv_in"];

    public static Truth Judge(string op, Json argument, IReadOnlyList<string> patterns, bool mustHold)
    {
        if (op == "argv_in")
        {
            return argument.Kind == "array" && argument.Items.TrueForAll(item => item.Kind == "string")
                ? Of(NaiveCommands.Judge([.. argument.Items.Select(item => item.Text)], [.. patterns]))
                : Truth.Unjudgeable;
        }

        if (argument.Kind != "string")
        {
            return Truth.Unjudgeable;
        }

        return op switch
        {
            "within" => NaivePaths.Judge(argument.Text, patterns),
            "url_in" => NaiveUrls.Judge(argument.Text, patterns),
            "email_in" => NaiveMail.Judge(argument.Text, patterns),
            _ => Of(NaiveCommands.Judge(argument.Text, [.. patterns], mustHold)),
        };
    }

    /// <summary>The patterns of an operand.</summary>
    public static string[] PatternsOf(Json operand) =>
        operand.Kind == "string" ? [operand.Text] : [.. operand.Items.Select(item => item.Text)];

    /// <summary>Whether an operand is a string, or an array of strings that isn't empty, and every one is a pattern.</summary>
    public static bool ArePatterns(string op, Json operand) => operand.Kind switch
    {
        "string" => IsPattern(op, operand.Text),
        "array" => operand.Items.Count > 0 && operand.Items.TrueForAll(item => item.Kind == "string" && IsPattern(op, item.Text)),
        _ => false,
    };

    public static bool IsPattern(string op, string pattern) => op switch
    {
        "within" => NaivePaths.IsPattern(pattern),
        "url_in" => NaiveUrls.IsPattern(pattern),
        "email_in" => NaiveMail.IsPattern(pattern),
        _ => NaiveCommands.IsPattern(pattern),
    };

    private static Truth Of(Judgement judgement) => judgement switch
    {
        Judgement.True => Truth.True,
        Judgement.False => Truth.False,
        _ => Truth.Unjudgeable,
    };
}
