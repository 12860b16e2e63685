using System.Buffers;

namespace PolicyLayer.Regexes;

/// <summary>
/// For states to which long runs of bytes led back: the bytes that lead elsewhere, for a vectorised search. Finding is safe for concurrent
/// use, adding is not.
/// </summary>
internal sealed class RegexRuns(CodePointClasses classes, RegexMemory memory)
{
    // A search for any of 256 bytes, and what refers to it.
    private const int BytesPerSearch = 512;

    private SearchValues<byte>?[] _leaving = [];

    /// <summary>Whether a state found no room.</summary>
    public bool IsFull { get; private set; }

    /// <summary>The bytes that lead from a state elsewhere, or may do so; null where the state has no search yet.</summary>
    public SearchValues<byte>? Find(int number)
    {
        SearchValues<byte>?[] leaving = Volatile.Read(ref _leaving);
        return number < leaving.Length ? Volatile.Read(ref leaving[number]) : null;
    }

    /// <summary>Makes a state's search of what its row knows now. Returns how many bytes more are taken for it.</summary>
    /// <param name="number">The state.</param>
    /// <param name="row">What each class leads to.</param>
    /// <param name="self">What leads back to the state.</param>
    /// <param name="room">How many bytes may be taken.</param>
    public int Add(int number, ReadOnlySpan<int> row, int self, int room)
    {
        int taken = 0;
        if (Find(number) is null)
        {
            int length = number < _leaving.Length ? _leaving.Length : Math.Max(2 * _leaving.Length, number + 1);
            taken = BytesPerSearch + ((length - _leaving.Length) * IntPtr.Size);
            if (taken > room || !memory.TryTake(taken))
            {
                IsFull = true;
                return 0;
            }

            if (length > _leaving.Length)
            {
                var grown = new SearchValues<byte>?[length];
                _leaving.CopyTo(grown, 0);
                Volatile.Write(ref _leaving, grown);
            }
        }

        Volatile.Write(ref _leaving[number], SearchValues.Create(FindLeaving(row, self)));
        return taken;
    }

    private byte[] FindLeaving(ReadOnlySpan<int> row, int self)
    {
        var leaving = new List<byte>(256);
        for (int i = 0; i < 256; i++)
        {
            if (i >= CodePointClasses.AsciiEnd || row[classes.Ascii[i]] != self)
            {
                leaving.Add((byte)i);
            }
        }

        return [.. leaving];
    }
}
