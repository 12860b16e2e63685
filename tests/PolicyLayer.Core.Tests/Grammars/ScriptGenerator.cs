using PolicyLayer.Tests.Differential;

namespace PolicyLayer.Tests.Grammars;

/// <summary>Scripts, most of them readable, and patterns that fit some commands. No word names an existing program or path.</summary>
internal sealed class ScriptGenerator(Random random)
{
    /// <summary>Programs that tests may replace by functions: names in any shell.</summary>
    public static readonly string[] Programs = ["zqa", "zq_b", "Zq2"];

    private static readonly string[] Words =
    [
        "zqx", "1", "2", "-x", "--zq=y", "..", "./zq", "zq/../y", "zq/.y", "=", "a=b", "a+=b", "%1", "^", "a~", "a#", ",", "@+",
        "]", "]]", "if", "fi", "do", "time", "in", "zqA",
    ];

    private static readonly string[] Quoted =
    [
        "''", "\"\"", "'a b'", "\"a b\"", "'$x'", "'`'", "'!'", "'\n!'", "'!\n'", "'\"'", "\"'\"", "\"\\\"\"", "\"\\\\\"",
        "\"\\a\"", "\\\\", "\\\"", "\\'", "\\ ", "\\;", "\\|", "\\&", "\\>", "\\<", "\\(", "\\{", "\\*", "\\?", "\\[", "\\~", "\\#",
        "\\a", "\\-", "'é'", "\"\u212a\"", "'\\'", "'a\nb'", "\"\n\"", "';'", "\"|\"", "'&&'", "'~'", "'#'", "'*'", "'-'",
        "'> zqf'", "'\u0101\u0201\u0481'", "\"\u0101\u0188\"", "'😀'", "'\u00a0'", "'^'", "'%'", "'{a,b}'",
    ];

    private static readonly string[] Joins = ["; ", ";", " | ", "|", " && ", "&&", " || ", "||", "\n", "\n\n \n", " \n\t"];

    private static readonly string[] Redirections = ["2>&1", ">/dev/null", "2> /dev/null", ">>/dev/null", "< /dev/null", "7>>\t/dev/null"];

    private static readonly string[] Damages =
    [
        "'", "\"", "\\", "$", "`", "!", "&", "|", ";", "<", ">", "(", ")", "{", "}", "*", "?", "[", "]", "~", "#", "=", ":", "+",
        "%", "^", " ", "\t", "\n", "\r", "\f", "\v", "\0", "\u007f", "\u0001", "é", "\u00a0", "\u0085", "\u3000", "1", "2", "-",
        "/", "..", "zqy ", "2>&1", ">/dev/null", "\\\n", "&&", "||", ";;", "|&", "&>", "<<", "<<<", "$'", "$\"", "time ", "if ",
        "A=b ", "%1 ", "@(", "{a,b}",
    ];

    private static readonly string[] FurtherWords = ["", "", " *", " ./*", " **", " **"];

    public string Script(int damagePercent)
    {
        string script = random.Percent(10) ? "\n \n" : "";
        script += Command();
        foreach (string next in random.Several(3, () => random.One(Joins) + Command()))
        {
            script += next;
        }

        script += random.One(["", "", ";", "\n", " \n\t\n", " ; "]);
        while (random.Percent(damagePercent))
        {
            int at = random.Next(script.Length + 1);
            int length = random.Percent(50) ? 0 : Math.Min(script.Length - at, random.Next(3));
            script = script.Remove(at, length).Insert(at, random.One(Damages));
        }

        return WellFormed(script);
    }

    public string[] Patterns() => [Pattern(0), .. random.Several(4, () => Pattern(2))];

    public string Pattern(int damagePercent)
    {
        string pattern = Program();
        foreach (string word in random.Several(2, Word))
        {
            pattern += " " + word;
        }

        pattern += random.One(FurtherWords);
        if (random.Percent(damagePercent))
        {
            string damaged = pattern.Insert(random.Next(pattern.Length + 1), random.One(Damages));
            pattern = random.Percent(30) ? random.One(["*", "./*", "**"]) : damaged;
        }

        return WellFormed(pattern);
    }

    /// <summary>The words of an array, some of them as a shell would write them.</summary>
    public string[] Arguments() => [random.One(Programs), .. random.Several(3, () => random.One(random.Percent(50) ? Words : Quoted))];

    private string Command()
    {
        string command = random.Percent(5) ? random.One(Redirections) + " " : "";
        command += random.Percent(5) ? Word() : Program();
        foreach (string word in random.Several(3, () => random.Percent(10) ? random.One(Redirections) : Word()))
        {
            command += random.One([" ", " ", "  ", "\t"]) + word;
        }

        return command;
    }

    private string Program()
    {
        string program = random.One(Programs);
        return random.Next(10) switch
        {
            0 => "\"" + program + "\"",
            1 => program.Insert(1, "\\"),
            2 => program[..1] + "'" + program[1..] + "'",
            3 => random.Percent(50) ? program.ToUpperInvariant() : program,
            _ => program,
        };
    }

    private string Word()
    {
        string word = random.One(random.Percent(50) ? Words : Quoted);
        while (random.Percent(30))
        {
            word += random.One(random.Percent(50) ? Words : Quoted);
        }

        return word;
    }

    /// <summary>Without the halves of surrogate pairs that damage leaves.</summary>
    private static string WellFormed(string text) =>
        string.Concat(text.EnumerateRunes().Where(rune => rune != System.Text.Rune.ReplacementChar));
}
