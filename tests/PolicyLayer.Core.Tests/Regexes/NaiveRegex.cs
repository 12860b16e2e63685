namespace PolicyLayer.Tests.Regexes;

/// <summary>
/// What a pattern means, said as plainly as possible: a node maps a position to the set of positions (a bit mask) where it may end.
/// Inputs are arrays of at most 60 code points.
/// </summary>
internal abstract record NaiveRegex
{
    public abstract ulong Ends(int[] input, int at);

    public bool IsFound(int[] input) => Enumerable.Range(0, input.Length + 1).Any(at => Ends(input, at) != 0);

    protected ulong EndsFromAll(int[] input, ulong starts)
    {
        var ends = 0UL;
        for (var at = 0; at <= input.Length; at++)
        {
            if ((starts >> at & 1) != 0)
            {
                ends |= Ends(input, at);
            }
        }

        return ends;
    }

    public sealed record Character(Func<int, bool> Contains) : NaiveRegex
    {
        public override ulong Ends(int[] input, int at) => at < input.Length && Contains(input[at]) ? 2UL << at : 0;
    }

    public sealed record Assertion(NaiveAssertion Kind) : NaiveRegex
    {
        public override ulong Ends(int[] input, int at) => Holds(input, at) ? 1UL << at : 0;

        private bool Holds(int[] input, int at) => Kind switch
        {
            NaiveAssertion.TextStart => at == 0,
            NaiveAssertion.TextEnd => at == input.Length,
            NaiveAssertion.LineStart => at == 0 || input[at - 1] == '\n',
            NaiveAssertion.LineEnd => at == input.Length || input[at] == '\n',
            NaiveAssertion.Boundary => IsBoundary(input, at),
            _ => !IsBoundary(input, at),
        };

        private static bool IsBoundary(int[] input, int at) =>
            (at > 0 && IsWordCharacter(input[at - 1])) != (at < input.Length && IsWordCharacter(input[at]));
    }

    public sealed record Sequence(IReadOnlyList<NaiveRegex> Parts) : NaiveRegex
    {
        public override ulong Ends(int[] input, int at) => Parts.Aggregate(1UL << at, (ends, part) => part.EndsFromAll(input, ends));
    }

    public sealed record Alternatives(IReadOnlyList<NaiveRegex> Parts) : NaiveRegex
    {
        public override ulong Ends(int[] input, int at) => Parts.Aggregate(0UL, (ends, part) => ends | part.Ends(input, at));
    }

    public sealed record Repeated(NaiveRegex Part, int Min, int? Max) : NaiveRegex
    {
        public override ulong Ends(int[] input, int at)
        {
            var current = 1UL << at;
            for (var i = 0; i < Min; i++)
            {
                current = Part.EndsFromAll(input, current);
            }

            var all = current;
            for (var i = Min; i != Max && current != 0; i++)
            {
                current = Part.EndsFromAll(input, current) & ~all;
                all |= current;
            }

            return all;
        }
    }

    public static bool IsWordCharacter(int codePoint) =>
        codePoint is >= '0' and <= '9' or >= 'A' and <= 'Z' or '_' or >= 'a' and <= 'z';
}

internal enum NaiveAssertion
{
    TextStart,
    TextEnd,
    LineStart,
    LineEnd,
    Boundary,
    NoBoundary,
}
