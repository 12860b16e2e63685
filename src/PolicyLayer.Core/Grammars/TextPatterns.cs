namespace PolicyLayer.Grammars;

/// <summary>The patterns of one operand, each decoded UTF-8 without a problem.</summary>
internal readonly ref struct TextPatterns(ReadOnlySpan<byte[]> patterns)
{
    private readonly ReadOnlySpan<byte[]> _patterns = patterns;

    public ReadOnlySpan<byte[]>.Enumerator GetEnumerator() => _patterns.GetEnumerator();
}
