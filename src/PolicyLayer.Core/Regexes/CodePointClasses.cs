using System.Text;

namespace PolicyLayer.Regexes;

/// <summary>
/// The coarsest partition of all code points into classes such that each set of a pattern is a union of classes: what a pattern can't
/// tell apart is one symbol to its automaton. Immutable. Classes are numbered in the order of their first code points, so that those of
/// ASCII are less than 128.
/// </summary>
internal sealed class CodePointClasses
{
    public const int AsciiEnd = 0x80;

    private readonly byte[] _ascii;

    // From _starts[i], the first of which is the first code point beyond ASCII, up to the next start, all have _classes[i].
    private readonly int[] _starts;
    private readonly int[] _classes;

    private CodePointClasses(byte[] ascii, int[] starts, int[] classes, int count)
    {
        _ascii = ascii;
        _starts = starts;
        _classes = classes;
        Count = count;
    }

    public int Count { get; }

    /// <summary>The class of each ASCII character.</summary>
    public ReadOnlySpan<byte> Ascii => _ascii;

    public static CodePointClasses For(IReadOnlyCollection<CodePointSet> sets)
    {
        int[] starts = FindStarts(sets);
        var partition = new CodePointPartition(starts);
        foreach (CodePointSet set in sets)
        {
            partition.Split(set);
        }

        return Of(starts, partition.Number(out int count), count);
    }

    /// <summary>
    /// The class of the code point that a text begins with, and how many bytes it takes. The text is well-formed: another one is safe
    /// to read, but what is read then means nothing.
    /// </summary>
    public int ClassOfFirst(ReadOnlySpan<byte> text, out int length)
    {
        if (text[0] < AsciiEnd)
        {
            length = 1;
            return _ascii[text[0]];
        }

        if (_starts.Length == 1)
        {
            length = Math.Min(LengthOf(text[0]), text.Length);
            return _classes[0];
        }

        Rune.DecodeFromUtf8(text, out Rune rune, out length);
        return ClassOf(rune.Value);
    }

    public bool ReachesBeyondAscii(int @class) => Array.IndexOf(_classes, @class) >= 0;

    public int ClassOf(int codePoint)
    {
        if (codePoint < AsciiEnd)
        {
            return _ascii[codePoint];
        }

        int index = Array.BinarySearch(_starts, codePoint);
        return _classes[index < 0 ? ~index - 1 : index];
    }

    /// <summary>The classes that a set consists of, one bit each.</summary>
    public void MarkClasses(CodePointSet set, Span<ulong> bits)
    {
        foreach ((int first, int last) in set.Ranges)
        {
            for (int codePoint = first; codePoint <= Math.Min(last, AsciiEnd - 1); codePoint++)
            {
                Mark(_ascii[codePoint], bits);
            }

            if (last >= AsciiEnd)
            {
                int index = Array.BinarySearch(_starts, Math.Max(first, AsciiEnd));
                for (index = index < 0 ? ~index - 1 : index; index < _starts.Length && _starts[index] <= last; index++)
                {
                    Mark(_classes[index], bits);
                }
            }
        }

        static void Mark(int @class, Span<ulong> bits) => bits[@class >> 6] |= 1UL << (@class & 63);
    }

    private static int LengthOf(byte lead) => lead switch
    {
        < 0xE0 => 2,
        < 0xF0 => 3,
        _ => 4,
    };

    private static CodePointClasses Of(int[] starts, ReadOnlySpan<int> classes, int count)
    {
        byte[] ascii = new byte[AsciiEnd];
        var beyond = new List<(int Start, int Class)>();
        for (int i = 0; i < starts.Length; i++)
        {
            int end = i + 1 < starts.Length ? starts[i + 1] : CodePointSet.Last + 1;
            for (int codePoint = starts[i]; codePoint < Math.Min(end, AsciiEnd); codePoint++)
            {
                ascii[codePoint] = (byte)classes[i];
            }

            if (end > AsciiEnd && (beyond.Count == 0 || beyond[^1].Class != classes[i]))
            {
                beyond.Add((Math.Max(starts[i], AsciiEnd), classes[i]));
            }
        }

        return new CodePointClasses(ascii, [.. beyond.Select(entry => entry.Start)], [.. beyond.Select(entry => entry.Class)], count);
    }

    private static int[] FindStarts(IReadOnlyCollection<CodePointSet> sets)
    {
        var starts = new List<int> { 0 };
        foreach (CodePointSet set in sets)
        {
            foreach ((int first, int last) in set.Ranges)
            {
                starts.Add(first);
                if (last < CodePointSet.Last)
                {
                    starts.Add(last + 1);
                }
            }
        }

        starts.Sort();
        int count = 1;
        for (int i = 1; i < starts.Count; i++)
        {
            if (starts[i] != starts[count - 1])
            {
                starts[count++] = starts[i];
            }
        }

        return [.. starts[..count]];
    }
}
