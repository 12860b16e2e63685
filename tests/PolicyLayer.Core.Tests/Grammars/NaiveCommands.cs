using System.Text.RegularExpressions;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Tests.Grammars;

/// <summary>Scripts and patterns of commands, read by regular expressions: tokens first, then their order, then each word.</summary>
internal static class NaiveCommands
{
    private const string Plain = @"[A-Za-z0-9_./,:=@%+\-\]^~#]";
    private const string Single = @"'(?:[^'\\\n]|\\(?!\n))*(?:\n(?:[^'\\!]|\\(?!\n))*)?'";
    private const string Double = @"""(?:[^""\\$`!]|(?<![^\0-\x7f])\\(?:[""\\]|(?![\n""\\$`!])))*""";
    private const string Word = $@"(?:(?<piece>{Single}|{Double}|\\[\0-\x7f-[\n$`!]]|{Plain}))+";

    private const string Further = @"(?<further>\./\*|\*\*?)(?=[ \t]*\z)";
    private const string Redirection = @"(?<redirection>2>&1|[0-9]?(?:>>?|<)[ \t]*/dev/null)(?=[ \t\n;|&]|\z)";

    private static readonly Regex Script = new($@"\G(?:(?<blank>[ \t]+)|{Redirection}|(?<join>\|\|?|&&|;|\n[ \t\n]*)|{Word})");
    private static readonly Regex Pattern = new($@"\G(?:(?<blank>[ \t]+)|{Further}|{Word})");
    private static readonly Regex Order = new(@"\A\n?(?:r*w[rw]*)(?:[;|&o\n]r*w[rw]*)*[;\n]?\z");

    private static readonly string[] Reserved =
    [
        .. "! { } case do done elif else esac fi for if in then until while".Split(' '),
        .. "[[ ]] function namespace select time coproc".Split(' '),
    ];

    /// <summary>The commands, each with what joins it to the one before; null where the script is unjudgeable.</summary>
    public static List<NaiveCommand>? Read(string script)
    {
        var commands = new List<NaiveCommand> { new("\n", []) };
        string order = "";
        List<Match>? tokens = Tokens(Script, script);
        foreach (Match token in tokens ?? [])
        {
            if (token.Groups["join"].Success)
            {
                string join = token.Value[0] == '\n' ? "\n" : token.Value;
                order += join switch { "||" => 'o', "&&" => '&', _ => join[0] };
                commands.Add(new(join, []));
            }
            else if (token.Groups["piece"].Success)
            {
                order += 'w';
                commands[^1].Words.Add(Unquoted(token)!);
            }
            else if (token.Groups["redirection"].Success)
            {
                order += 'r';
            }
        }

        commands.RemoveAll(command => command.Words.Count == 0);
        bool isReadable = tokens is not null && Order.IsMatch(order) && commands.All(command => IsProgram(command.Words[0]));
        return isReadable ? commands : null;
    }

    public static bool IsPattern(string pattern)
    {
        List<Match> tokens = [.. (Tokens(Pattern, pattern) ?? []).Where(token => !token.Groups["blank"].Success)];
        return tokens.Count > 0 && (tokens[0].Groups["further"].Success || IsProgram(Unquoted(tokens[0])!));
    }

    public static Judgement Judge(string script, string[] patterns, bool mustHold)
    {
        IEnumerable<Judgement>? judged = Read(script)?.Select(command => Judge(command.Words, patterns));
        if (judged is null)
        {
            return Judgement.Unjudgeable;
        }

        return mustHold ? judged.Aggregate(Judgement.True, Judgements.And) : judged.Aggregate(Judgement.False, Judgements.Or);
    }

    public static Judgement Judge(List<string> words, string[] patterns)
    {
        if (words.Count == 0 || words.Any(word => word.Contains('\0')))
        {
            return Judgement.Unjudgeable;
        }

        if (patterns.Any(pattern => Matches(words, pattern, StringComparison.Ordinal)))
        {
            return Judgement.True;
        }

        bool butForCase = patterns.Any(pattern => Matches(words, pattern, StringComparison.OrdinalIgnoreCase));
        return butForCase ? Judgement.Unjudgeable : Judgement.False;
    }

    private static bool Matches(List<string> words, string pattern, StringComparison program)
    {
        List<Match> tokens = [.. Tokens(Pattern, pattern)!.Where(token => !token.Groups["blank"].Success)];
        string further = tokens[^1].Groups["further"].Value;
        string[] expected = [.. tokens.Where(token => token.Groups["piece"].Success).Select(token => Unquoted(token)!)];
        return words.Count >= expected.Length
            && (expected.Length == 0 || string.Equals(expected[0], words[0], program))
            && expected.Skip(1).SequenceEqual(words.Take(expected.Length).Skip(1))
            && words.Skip(expected.Length).All(word => Takes(further, word));
    }

    private static bool Takes(string further, string word) => further switch
    {
        "**" => true,
        "*" => !word.StartsWith('-'),
        "./*" => Regex.IsMatch(word, @"\A(?![-/])[A-Za-z0-9_.\-/@+,=]*\z") && !word.Split('/').Contains(".."),
        _ => false,
    };

    /// <summary>All tokens; null where there is a place at which none stands, or where one isn't what it seems.</summary>
    private static List<Match>? Tokens(Regex grammar, string text)
    {
        if (text.Any(character => char.IsControl(character) && character is not ('\t' or '\n')) || Regex.IsMatch(text, @"(?:\A|\n)\^"))
        {
            return null;
        }

        var tokens = new List<Match>();
        int end = 0;
        for (Match token = grammar.Match(text); token.Success; token = token.NextMatch())
        {
            tokens.Add(token);
            end = token.Index + token.Length;
            bool isGlob = token.Groups["further"].Success && tokens.Count > 1 && !tokens[^2].Groups["blank"].Success;
            string? word = token.Groups["piece"].Success ? Unquoted(token) : "-";
            if (isGlob || word is null || (end < text.Length && text[end] is '<' or '>' && word.Length > 0 && char.IsAsciiDigit(word[^1])))
            {
                return null;
            }
        }

        return end == text.Length ? tokens : null;
    }

    /// <summary>Null for a <c>~</c> or <c>#</c> that isn't just itself.</summary>
    private static string? Unquoted(Match token)
    {
        string word = "";
        foreach (string piece in token.Groups["piece"].Captures.Select(capture => capture.Value))
        {
            if ((piece == "~" && Regex.IsMatch(word, @"(?:\A|[=:])\z")) || (piece == "#" && word.Length == 0))
            {
                return null;
            }

            word += piece[0] switch
            {
                '\'' => piece[1..^1],
                '"' => Regex.Replace(piece[1..^1], @"\\([""\\])", "$1"),
                '\\' => piece[1..],
                _ => piece,
            };
        }

        return word;
    }

    private static bool IsProgram(string word) =>
        !Reserved.Contains(word) && !Regex.IsMatch(word, @"\A(?:%|[A-Za-z_][A-Za-z0-9_]*\+?=)");
}

/// <summary>A simple command, and what stands between it and the one before: <c>| || &amp;&amp; ;</c> or a line end.</summary>
internal sealed record NaiveCommand(string Join, List<string> Words);
