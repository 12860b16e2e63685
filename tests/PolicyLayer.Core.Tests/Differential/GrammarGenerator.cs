using PolicyLayer.Tests.Grammars;

namespace PolicyLayer.Tests.Differential;

/// <summary>
/// Short texts and patterns for the operators of meaning, most of them near each other, some made to be read in two ways.
/// </summary>
internal sealed class GrammarGenerator(Random random)
{
    private static readonly string[] Damages =
    [
        "..", ".", "/", "\\", "%2e", "%", "~", ":", "@", "\0", "\n", "\t", " ", "\"", "'", "?", "#", ";", ",", "*", "-", "0", "1", "x", "A",
        "é", "\uff0f", "\uff0e", "\u2044", "\u3000", "\u0085", "//", "~1", "[", "]", "+", "=", "\u212a", "<", ">", "|", "..;", "xn--",
    ];

    private static readonly string[] Directories =
        ["/srv/data", "/srv", "/", ".", "C:/Work", "c:\\", "/srv/straße", "/srv/./a/", "D:\\a b\\c", "/k", "/proc"];

    private static readonly string[] Steps =
    [
        "srv", "data", "a", "b", "DATA", "Srv", "work", "Work", "k", "\u212a", ".", "", "..", "...", ". .", "..a", "a.", "a ", " a", "NUL",
        "nul.txt", "COM1", "com¹.x", "CON1", "a:b", "straße", "STRASSE", "stra\u00dfen", "a b", "c", "a~1", "~", "proc", "self",
        "a?b", "data#x", "data'", "*", "s*v", "[d]ata", "{srv,x}", "$x",
    ];

    private static readonly string[] Hosts =
    [
        "a.test", "b.a.test", "A.Test", "c.b.a.test", "test", "a.test.", "ba.test", "127.0.0.1", "1.2.3.4", "0.0.0.0", "[::1]", "[::]",
        "[::ffff:7f00:1]", "[0:0::1]", "[::1.2.3.4]", "0x7f.1", "127.1", "127.0.0.1.", "a..test", "-a.test", "a_b.test", "xn--a.test",
        "xn--a.a.test", "xn--a-.test", "é.test", "1.test", "a.1", "user@a.test", "localhost",
    ];

    private static readonly string[] UrlPaths =
    [
        "", "/", "/v1", "/v1/", "/V1/x", "/v1/x", "/v1x", "/v1/../x", "/v1/./x", "/v1//", "//v1", "/v1/%2e%2e", "/v1;a/x",
        "/v2", "/v1/é", "/v1/x.y", "/v1/...", "/v1/a*b", "/v1/[x]",
    ];

    private static readonly string[] Locals =
    [
        "ann", "Ann", "ann+x", "a.nn", "bob", "+x", "+y", "-ann", "an'n", "a..nn", ".ann", "ann.", "\"ann\"", "a=b", "a_b", "ann,bob",
        "Ann <ann",
    ];

    private static readonly string[] Domains =
    [
        "a.test", "A.test", "b.a.test", "c.b.a.test", "ba.test", "test", "a.test.", "a..test", "-a.test", "a.1", "é.test", "[127.0.0.1]",
        "a.test>",
    ];

    private readonly ScriptGenerator _scripts = new(random);

    /// <summary>One to three patterns, none with a problem.</summary>
    public string[] Patterns(string op)
    {
        IEnumerable<string> patterns = Enumerable.Range(0, 1 + random.Next(3)).Select(_ => Pattern(op));
        string[] readable = [.. patterns.Where(pattern => NaiveGrammars.IsPattern(op, pattern))];
        return readable.Length == 0 ? Patterns(op) : readable;
    }

    /// <summary>A pattern, which may have a problem.</summary>
    public string Pattern(string op)
    {
        string pattern = op switch
        {
            "within" => random.Percent(70) ? random.One(Directories) : Path(),
            "url_in" => random.One(["", "", "https://", "http://", "wss://", "ftp://"])
                + random.One(["", "", "*."])
                + random.One(Hosts)
                + random.One(["", "", "", ":443", ":80", ":8443", ":0"]) + random.One(random.Percent(50) ? [""] : UrlPaths),
            "email_in" => random.One(["", "", "ann", "Ann", "ann+x", "+x", "b", "-b", "a.n"])
                + "@"
                + random.One(["", "", "*."])
                + random.One(Domains),
            _ => _scripts.Pattern(damagePercent: 5),
        };
        return random.Percent(10) ? Damaged(pattern) : pattern;
    }

    /// <summary>A text for the operators that read one, often one that a pattern takes or all but takes.</summary>
    public string Text(string op, IReadOnlyList<string> patterns)
    {
        string text = random.Percent(40) ? Near(op, random.One(patterns)) : Any(op);
        return random.Percent(15) ? Damaged(text) : text;
    }

    /// <summary>The words of one command.</summary>
    public string[] Words() => _scripts.Arguments();

    private string Near(string op, string pattern)
    {
        bool hasScheme = pattern.Contains("://", StringComparison.Ordinal);
        string text = op switch
        {
            "within" => pattern + random.One(["", "/", "/" + random.One(Steps)]),
            "url_in" => (hasScheme ? "" : random.One(["https://", "https://", "http://"]))
                + pattern
                + random.One(["", "", "/x", "?x", "/../x", "#"]),
            "email_in" => (pattern[0] == '@' ? random.One(["ann", "Bob.B"]) : "") + pattern,
            _ => pattern.TrimEnd('*') + random.One(["", " zqx", "; zqa", " -x", "|" + random.One(ScriptGenerator.Programs)]),
        };
        return op is "url_in" or "email_in" ? text.Replace("*.", random.One(["b.", "c.b.", ""]), StringComparison.Ordinal) : text;
    }

    private string Any(string op) => op switch
    {
        "within" => Path(),
        "url_in" => random.One(["https", "https", "https", "http", "HTTPS", "ws", "wss", "ftp", "file"]) + "://" + random.One(Hosts)
            + random.One(["", "", "", ":443", ":80", ":8443", ":65536", ":"])
            + random.One(UrlPaths)
            + random.One(["", "", "?x", "#x", "?x@y"]),
        "email_in" => random.One(Locals) + "@" + random.One(Domains),
        _ => _scripts.Script(damagePercent: 15),
    };

    private string Path()
    {
        string start = random.One(["/", "/", "/", "/srv/", "/srv/data/", "", "C:/", "c:\\", "C:/Work/", "D:\\", "//", "~/", "./", "C:"]);
        return start + string.Join(random.One(["/", "/", "/", "\\", "//"]), random.Several(3, () => random.One(Steps)));
    }

    private string Damaged(string text)
    {
        int at = random.Next(text.Length + 1);
        string damaged = text.Remove(at, Math.Min(text.Length - at, random.Next(2))).Insert(at, random.One(Damages));
        return string.Concat(damaged.EnumerateRunes().Where(rune => rune != System.Text.Rune.ReplacementChar));
    }
}
