namespace PolicyLayer.Regexes;

/// <summary>
/// The syntax of a pattern, immutable. Names, captures and laziness are dropped: whether a pattern is found depends on none of them.
/// </summary>
internal abstract class RegexNode
{
    private RegexNode(long states) => States = (int)Math.Min(states, int.MaxValue);

    /// <summary>
    /// How many states the part takes in an automaton, counted loops written out; no more than <see cref="int.MaxValue"/>.
    /// </summary>
    public int States { get; }

    /// <summary>The empty text.</summary>
    public static RegexNode Empty { get; } = new Sequence([], 0);

    public static RegexNode InSequence(ReadOnlySpan<RegexNode> parts) =>
        parts.Length == 1 ? parts[0] : new Sequence(parts.ToArray(), Sum(parts));

    public static RegexNode AnyOf(ReadOnlySpan<RegexNode> parts) =>
        parts.Length == 1 ? parts[0] : new Alternatives(parts.ToArray(), Sum(parts) + parts.Length - 1);

    private static long Sum(ReadOnlySpan<RegexNode> parts)
    {
        long states = 0;
        foreach (RegexNode part in parts)
        {
            states += part.States;
        }

        return states;
    }

    /// <summary>One code point out of a set.</summary>
    public sealed class Character(CodePointSet set) : RegexNode(1)
    {
        public CodePointSet Set => set;
    }

    /// <summary>A place, not a text.</summary>
    public sealed class Assertion(RegexAssertion kind) : RegexNode(1)
    {
        public RegexAssertion Kind => kind;
    }

    public sealed class Sequence : RegexNode
    {
        private readonly RegexNode[] _parts;

        internal Sequence(RegexNode[] parts, long states)
            : base(states) => _parts = parts;

        public ReadOnlySpan<RegexNode> Parts => _parts;
    }

    public sealed class Alternatives : RegexNode
    {
        private readonly RegexNode[] _parts;

        internal Alternatives(RegexNode[] parts, long states)
            : base(states) => _parts = parts;

        public ReadOnlySpan<RegexNode> Parts => _parts;
    }

    /// <summary>A part so many times in a row; without a maximum, any number of times from the minimum on.</summary>
    public sealed class Repeated(RegexNode part, int min, int? max) : RegexNode(CountStates(part, min, max))
    {
        public RegexNode Part => part;

        public int Min => min;

        public int? Max => max;

        private static long CountStates(RegexNode part, int min, int? max) =>
            max is null ? ((long)part.States * Math.Max(min, 1)) + 1 : ((long)part.States * max.Value) + (max.Value - min);
    }
}
