using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using PolicyLayer.Json.Values;

namespace PolicyLayer.DecisionTree.Schemas;

/// <summary>
/// Hashes of decoded names under a random key of the process: names that are equal but for case have equal ones, and others only by the
/// chance that nobody can choose.
/// </summary>
internal static class NameHash
{
    private const ulong Ones = 0x0101010101010101;

    private static readonly ulong Key = BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(sizeof(ulong))) | 1;

    public static ulong Of(ReadOnlySpan<byte> utf8) => Ascii.IsValid(utf8) ? OfAscii(utf8) : OfFolded(utf8);

    private static ulong OfAscii(ReadOnlySpan<byte> text)
    {
        ulong hash = Key;
        while (text.Length >= sizeof(ulong))
        {
            hash = Mix(hash, FoldAscii(BinaryPrimitives.ReadUInt64LittleEndian(text)));
            text = text[sizeof(ulong)..];
        }

        ulong word = 0;
        for (int i = 0; i < text.Length; i++)
        {
            word |= (ulong)text[i] << (8 * i);
        }

        return Finish(hash, FoldAscii(word), text.Length);
    }

    /// <summary>The same words, made of what the characters fold to: that may be ASCII where they aren't.</summary>
    private static ulong OfFolded(ReadOnlySpan<byte> text)
    {
        Span<byte> encoded = stackalloc byte[4];
        ulong hash = Key;
        ulong word = 0;
        int units = 0;
        while (!text.IsEmpty)
        {
            Rune.DecodeFromUtf8(text, out Rune rune, out int length);
            text = text[length..];
            foreach (byte unit in encoded[..new Rune(NameFolding.Fold(rune.Value)).EncodeToUtf8(encoded)])
            {
                word |= (ulong)unit << (8 * units);
                if (++units == sizeof(ulong))
                {
                    hash = Mix(hash, word);
                    (word, units) = (0, 0);
                }
            }
        }

        return Finish(hash, word, units);
    }

    /// <summary>
    /// Sets capitals of ASCII in lower case, eight at once, and nothing else. No byte has its highest bit set, and none carries.
    /// </summary>
    private static ulong FoldAscii(ulong word)
    {
        ulong fromA = word + ((0x80 - 'A') * Ones);
        ulong beyondZ = word + ((0x80 - 'Z' - 1) * Ones);
        return word | (((fromA ^ beyondZ) & (0x80 * Ones)) >> 2);
    }

    /// <summary>The last word has at most seven bytes. Their number stands in the eighth: a name may end in zeros.</summary>
    private static ulong Finish(ulong hash, ulong word, int units) => Mix(hash, word | ((ulong)units << 56));

    /// <summary>Both halves of the product: every bit of the word reaches the low bits that choose a bucket.</summary>
    private static ulong Mix(ulong hash, ulong word)
    {
        ulong high = Math.BigMul(hash ^ word, Key, out ulong low);
        return high ^ low;
    }
}
