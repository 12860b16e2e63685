namespace PolicyLayer.Cli.Output;

/// <summary>
/// Follows a text, character by character, and tells which jamo make no syllable: one that joins nothing may be drawn over what stands
/// before it, or not at all.
/// </summary>
internal struct HangulJamo
{
    private Kind _last;

    private enum Kind
    {
        None,
        Leading,
        Vowel,
        Trailing,
    }

    /// <summary>Whether the next character is a jamo in the wrong place: syllables are a leading one, a vowel, a trailing one.</summary>
    /// <param name="code">The character.</param>
    /// <param name="isReplaced">Whether it isn't shown anyway.</param>
    public bool IsOutOfPlace(int code, bool isReplaced)
    {
        Kind kind = KindOf(code);
        bool isOut = kind switch
        {
            Kind.Leading => _last == Kind.Leading,
            Kind.Vowel => _last != Kind.Leading,
            Kind.Trailing => _last != Kind.Vowel,
            _ => false,
        };
        _last = isOut || isReplaced ? Kind.None : kind;
        return isOut;
    }

    private static Kind KindOf(int code) => code switch
    {
        (>= 0x1100 and <= 0x115F) or (>= 0xA960 and <= 0xA97C) => Kind.Leading,
        (>= 0x1160 and <= 0x11A7) or (>= 0xD7B0 and <= 0xD7C6) => Kind.Vowel,
        (>= 0x11A8 and <= 0x11FF) or (>= 0xD7CB and <= 0xD7FB) => Kind.Trailing,
        _ => Kind.None,
    };
}
