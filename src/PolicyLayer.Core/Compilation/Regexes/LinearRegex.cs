using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace PolicyLayer.Compilation.Regexes;

/// <summary>A compiled pattern of the dialect. Safe for concurrent use; once warm, matching allocates nothing.</summary>
internal sealed class LinearRegex(Regex regex, AstralAlphabet astral)
{
    private const int StackUnits = 256;

    private static readonly SearchValues<char> Surrogates =
        SearchValues.Create([.. Enumerable.Range(char.MinValue, char.MaxValue + 1).Select(unit => (char)unit).Where(char.IsSurrogate)]);

    /// <summary>Whether the pattern is found anywhere in the input, in time linear in the input's length.</summary>
    public bool IsMatch(ReadOnlySpan<char> input)
    {
        var surrogate = input.IndexOfAny(Surrogates);
        return surrogate < 0 ? regex.IsMatch(input) : IsMatchAstral(input, surrogate);
    }

    private bool IsMatchAstral(ReadOnlySpan<char> input, int surrogate)
    {
        char[]? rented = null;
        var buffer = input.Length <= StackUnits ? stackalloc char[StackUnits] : rented = ArrayPool<char>.Shared.Rent(input.Length);
        try
        {
            input[..surrogate].CopyTo(buffer);
            var length = surrogate + Translate(input[surrogate..], buffer[surrogate..]);
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
        var length = 0;
        while (!input.IsEmpty)
        {
            var status = Rune.DecodeFromUtf16(input, out var rune, out var consumed);
            output[length++] = status != OperationStatus.Done ? AstralAlphabet.Unpaired
                : rune.IsBmp ? (char)rune.Value
                : astral.SymbolOf(rune.Value);
            input = input[consumed..];
        }

        return length;
    }
}
