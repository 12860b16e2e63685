namespace PolicyLayer.Calls;

/// <summary>
/// What the pieces of judging cost in steps. A step is about three nanoseconds, so that the default budget is about a tenth of a second at
/// the worst; a byte that is read is one. The benchmarks of hostile calls hold that.
/// </summary>
internal static class StepCosts
{
    private const int FewSteps = 8;

    /// <summary>A condition, looked at once.</summary>
    public const int Condition = 8;

    /// <summary>An element that <c>[*]</c> comes to, and the condition's test of what is there.</summary>
    public const int FannedElement = 16;

    /// <summary>Steps of a path that are looked through for the next <c>[*]</c>; a few are part of an element's own cost.</summary>
    public static int OfLooking(int pathSteps) => pathSteps > FewSteps ? pathSteps : 0;

    /// <summary>A child passed over on the way to another one, or to count them.</summary>
    public const int Child = 2;

    /// <summary>A name that is compared because it may well be the one that is looked for, and each byte of it.</summary>
    public const int NearName = 8;
    public const int NearNameByte = 3;

    /// <summary>Two values compared, beside their bytes.</summary>
    public const int Comparison = 6;

    /// <summary>A value or name that is hashed, beside its bytes.</summary>
    public const int Hash = 32;

    /// <summary>An array or object that is compared, beside what is in it.</summary>
    public const int Structure = 8;

    /// <summary>A number that is read, beside its bytes.</summary>
    public const int Number = 16;

    /// <summary>A number's nearest double, each digit that it is found by, and what it costs more among the smallest.</summary>
    public const int Double = 64;
    public const int DoubleDigit = 6;
    public const int SmallestDouble = 256;

    /// <summary>A subschema that judges a value.</summary>
    public const int Subschema = 6;

    /// <summary>A division, and each step of one by a divisor that no machine word holds.</summary>
    public const int Division = 32;
    public const int LongDivision = 96;

    /// <summary>A regex put to a string, beside its own steps.</summary>
    public const int Regex = 16;

    /// <summary>An operator of meaning put to a text; each of the text's bytes, read alone and again for each pattern.</summary>
    public const int Grammar = 16;
    public const int GrammarByte = 4;
    public const int GrammarMatch = 1;

    /// <summary>The same of commands and their words.</summary>
    public const int CommandByte = 12;
    public const int CommandMatch = 4;

    /// <summary>A pattern that a text, or one of its commands, is compared with, and each of its bytes.</summary>
    public const int GrammarPattern = 8;
    public const int GrammarPatternByte = 2;

    /// <summary>A byte of a text that is parsed as a regex.</summary>
    public const int PatternByte = 6;

    /// <summary>A byte of a value that is written in canonical form and digested.</summary>
    public const int DigestByte = 8;

    /// <summary>A value or name of one that is written whole in canonical form, and each of its bytes.</summary>
    public const int CanonicalValue = 16;
    public const int CanonicalByte = 2;

    /// <summary>A name that is sorted among others, each time that it is compared, beside its bytes.</summary>
    public const int SortedName = 12;

    /// <summary>A comparison by blocks reads so many bytes in a step.</summary>
    public const int BlockBytes = 32;
}
