namespace PolicyLayer.Grammars;

/// <summary>The patterns of one operand, decoded, well-formed UTF-8 without a problem, one behind the other.</summary>
/// <param name="texts">All patterns.</param>
/// <param name="ends">Where each pattern ends in <paramref name="texts"/>; the next begins there.</param>
internal readonly ref struct TextPatterns(ReadOnlySpan<byte> texts, ReadOnlySpan<int> ends)
{
    private readonly ReadOnlySpan<byte> _texts = texts;
    private readonly ReadOnlySpan<int> _ends = ends;

    public Enumerator GetEnumerator() => new(_texts, _ends);

    internal ref struct Enumerator(ReadOnlySpan<byte> texts, ReadOnlySpan<int> ends)
    {
        private readonly ReadOnlySpan<byte> _texts = texts;
        private readonly ReadOnlySpan<int> _ends = ends;
        private int _next;
        private int _start;

        public ReadOnlySpan<byte> Current { get; private set; }

        public bool MoveNext()
        {
            if (_next == _ends.Length)
            {
                return false;
            }

            int end = _ends[_next++];
            Current = _texts[_start..end];
            _start = end;
            return true;
        }
    }
}
