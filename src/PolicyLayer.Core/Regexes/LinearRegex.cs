using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace PolicyLayer.Regexes;

/// <summary>A compiled pattern of the dialect. Safe for concurrent use; once warm, matching allocates nothing.</summary>
internal sealed class LinearRegex(Regex regex, AstralAlphabet astral)
{
    private const int StackUnits = 256;

    // Surrogates, U+FFFF, and what is between them: a single range is searched fastest.
    private static readonly SearchValues<char> MayNeedTranslation =
        SearchValues.Create([.. Enumerable.Range(0xD800, 0x2800).Select(unit => (char)unit)]);

    /// <summary>Whether the pattern is found anywhere in the input, in time linear in the input's length.</summary>
    public bool IsMatch(ReadOnlySpan<char> input)
    {
        int untouched = input.IndexOfAny(MayNeedTranslation);
        return untouched < 0 ? regex.IsMatch(input) : IsMatchTranslated(input, untouched);
    }

    private bool IsMatchTranslated(ReadOnlySpan<char> input, int untouched)
    {
        char[]? rented = null;
        Span<char> buffer = input.Length <= StackUnits ? stackalloc char[StackUnits] : rented = ArrayPool<char>.Shared.Rent(input.Length);
        try
        {
            input[..untouched].CopyTo(buffer);
            int length = untouched + Translate(input[untouched..], buffer[untouched..]);
            return regex.IsMatch(buffer[..length]);
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<char>.Shared.Return(rented, clearArray: true);
            }
        }
    }

    private int Translate(ReadOnlySpan<char> input, Span<char> output)
    {
        int length = 0;
        while (!input.IsEmpty)
        {
            OperationStatus status = Rune.DecodeFromUtf16(input, out Rune rune, out int consumed);
            output[length++] = status != OperationStatus.Done ? AstralAlphabet.Unpaired
                : rune.Value < AstralAlphabet.First ? (char)rune.Value
                : astral.SymbolOf(rune.Value);
            input = input[consumed..];
        }

        return length;
    }
}
