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

    private const int BlockBits = 7;
    private const int MinIntervalsOfBlocks = 8;

    private readonly byte[] _ascii;

    // From _starts[i], the first of which is the first code point beyond ASCII, up to the next start, all have _classes[i].
    private readonly int[] _starts;
    private readonly int[] _classes;
    private readonly ushort[] _blocks;

    private CodePointClasses(byte[] ascii, int[] starts, int[] classes, int count)
    {
        _ascii = ascii;
        _starts = starts;
        _classes = classes;
        _blocks = FindBlocks(starts);
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
        length = 1;
        return text[0] < AsciiEnd ? _ascii[text[0]] : ClassBeyondAscii(text, out length);
    }

    /// <summary>The same for a text that begins beyond ASCII.</summary>
    public int ClassBeyondAscii(ReadOnlySpan<byte> text, out int length)
    {
        int lead = text[0];
        if (lead < 0xE0 && text.Length > 1)
        {
            length = 2;
            return ClassInPlane(((lead & 0x1F) << 6) | (text[1] & 0x3F));
        }

        if (lead < 0xF0 && text.Length > 2)
        {
            length = 3;
            return ClassInPlane(((lead & 0x0F) << 12) | ((text[1] & 0x3F) << 6) | (text[2] & 0x3F));
        }

        Rune.DecodeFromUtf8(text, out Rune rune, out length);
        return ClassBetween(0, _starts.Length, rune.Value);
    }

    public int ClassOf(int codePoint) => codePoint < AsciiEnd ? _ascii[codePoint] : ClassBetween(0, _starts.Length, codePoint);

    /// <summary>The bytes that a code point of the marked classes begins with.</summary>
    public List<byte> FirstBytesOf(ReadOnlySpan<bool> marked)
    {
        var bytes = new List<byte>();
        for (int i = 0; i < AsciiEnd; i++)
        {
            if (marked[_ascii[i]])
            {
                bytes.Add((byte)i);
            }
        }

        int known = 0;
        for (int i = 0; i < _starts.Length; i++)
        {
            int last = LeadOf(i + 1 < _starts.Length ? _starts[i + 1] - 1 : CodePointSet.Last);
            for (int lead = Math.Max(LeadOf(_starts[i]), known + 1); marked[_classes[i]] && lead <= last; lead++)
            {
                bytes.Add((byte)lead);
                known = lead;
            }
        }

        return bytes;
    }

    private int ClassInPlane(int codePoint)
    {
        int block = codePoint >> BlockBits;
        if (block + 1 >= _blocks.Length)
        {
            return ClassBetween(0, _starts.Length, codePoint);
        }

        int index = _blocks[block];
        int end = _blocks[block + 1] + 1;
        return end - index == 1 ? _classes[index] : ClassBetween(index, end, codePoint);
    }

    // The interval is the last of these that doesn't start behind the code point.
    private int ClassBetween(int index, int end, int codePoint)
    {
        while (end - index > 1)
        {
            int middle = (index + end) >> 1;
            if (_starts[middle] <= codePoint)
            {
                index = middle;
            }
            else
            {
                end = middle;
            }
        }

        return _classes[index];
    }

    private static int LeadOf(int codePoint) => codePoint switch
    {
        < 0x800 => 0xC0 | (codePoint >> 6),
        < 0x10000 => 0xE0 | (codePoint >> 12),
        _ => 0xF0 | (codePoint >> 18),
    };

    // For each block of the plane where most text is, the interval that its first code point lies in; one block more than there are.
    private static ushort[] FindBlocks(int[] starts)
    {
        if (starts.Length is < MinIntervalsOfBlocks or > ushort.MaxValue)
        {
            return [];
        }

        ushort[] blocks = new ushort[(0x10000 >> BlockBits) + 1];
        int index = 0;
        for (int i = 0; i < blocks.Length; i++)
        {
            while (index + 1 < starts.Length && starts[index + 1] <= i << BlockBits)
            {
                index++;
            }

            blocks[i] = (ushort)index;
        }

        return blocks;
    }

    /// <summary>Marks the classes that a set consists of.</summary>
    public void Mark(CodePointSet set, Span<bool> marked)
    {
        foreach ((int first, int last) in set.Ranges)
        {
            for (int codePoint = first; codePoint <= Math.Min(last, AsciiEnd - 1); codePoint++)
            {
                marked[_ascii[codePoint]] = true;
            }

            if (last >= AsciiEnd)
            {
                int index = Array.BinarySearch(_starts, Math.Max(first, AsciiEnd));
                for (index = index < 0 ? ~index - 1 : index; index < _starts.Length && _starts[index] <= last; index++)
                {
                    marked[_classes[index]] = true;
                }
            }
        }
    }

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
