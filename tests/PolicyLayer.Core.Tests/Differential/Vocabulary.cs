namespace PolicyLayer.Tests.Differential;

/// <summary>Few names and values, so that policies and calls meet.</summary>
internal static class Vocabulary
{
    public static readonly string[] Names = ["a", "b", "items", "x y", "é", "😀", "a.b", "", "q\"\\", "n", "k", "𐐨"];

    public static readonly string[] Numbers =
    [
        "0", "-0", "1", "1.0", "5", "50e-1", "100", "1e2", "100.00000000000000001", "99.999999999999999999", "-1", "-1.5", "0.1", "0.10",
        "9007199254740992", "9007199254740993", "1e400", "1e399", "10e399", "-1e400", "1e-400", "0.0000001", "2.5", "9007199255",
    ];

    public static readonly string[] Strings = ["", "x", "ab", "abc", "é", "e\u0301", "😀", "5", "admin", "a\nb", "ab\n", "AB"];

    /// <summary>Patterns that mean the same to the framework as to the dialect.</summary>
    public static readonly string[] Patterns =
        ["^a", "b", "^[a-z]{2}\\z", "x|é", "\\Aab?c*\\z", "[0-9]", "(?i)ab", "^(?:ab|x)+\\z", "", "[^a-z]"];

    /// <summary>What the parts of a time may well be.</summary>
    public static readonly string[] Times = ["0", "1", "2", "4", "5", "7", "9", "14", "23", "31", "540", "2026", "2026.0", "1439", "6.5"];

    public static readonly string[] Zones =
        ["UTC", "Europe/Vienna", "America/New_York", "Asia/Kathmandu", "Pacific/Kiritimati", "Pacific/Marquesas", "Etc/GMT+12"];

    public static readonly string[] Tools = ["t", "tool", "run_a", "run_b", "x/y", "h"];

    public static readonly string[] ToolPatterns =
    [
        "t", "tool", "run_a", "run_b", "x/y", "*", "t*", "run_*", "r*",
        "*_a", "*_b", "r*_*", "r*n_*a", "*u*", "*u*_*b", "*n*a*", "run*_a", "run_*b*", "*o*l", "*/*",
    ];

    public static readonly string[] HiddenPatterns = ["h", "run_b", "h*", "z*", "run_*", "t*", "*_b", "r*_*", "*o*l", "*_*_*"];

    /// <summary>A tool, now and then in another case or with more in it.</summary>
    public static string Tool(Random random) => random.Next(20) switch
    {
        0 => Recased(random.One(Tools), random),
        1 => random.One(["r_a", "run__b", "runn_ab", "run_b_a", "toool", "tl", "a/", "RUN_A", "", "u_b"]),
        _ => random.One(Tools),
    };

    /// <summary>One of the names, now and then in another case.</summary>
    public static string Name(Random random) => random.Percent(5) ? Recased(random.One(Names), random) : random.One(Names);

    /// <summary>
    /// A name in another case, the few letters of ASCII with partners beyond it included; itself where it has no letters.
    /// </summary>
    public static string Recased(string name, Random random) => random.Next(3) switch
    {
        0 => name.Replace('k', '\u212a').Replace('s', '\u017f'),
        1 when name.Length > 1 => name[..1] + name[1..].ToUpperInvariant(),
        _ => name.ToUpperInvariant(),
    };

    public static Json Scalar(Random random) => random.Next(10) switch
    {
        0 => Json.Null,
        1 => Json.Boolean(random.Percent(50)),
        < 6 => Json.Number(random.One(Numbers)),
        _ => Json.String(random.One(Strings)),
    };

    public static Json Value(Random random, int depth = 2) => (depth == 0 ? 9 : random.Next(10)) switch
    {
        0 or 1 => Json.Array(random.Several(3, () => Value(random, depth - 1))),
        2 => Object(random, depth - 1),
        _ => Scalar(random),
    };

    public static Json Object(Random random, int depth) =>
        Json.Object(random.Several(3, () => Name(random)).Distinct().Select(name => (name, Value(random, depth))).ToList());
}
