namespace PolicyLayer.DecisionTree.Schemas;

/// <summary>
/// Which children of a value were evaluated, by their position: one bit each, in frames that are used like a stack. Frame 0 stands
/// for none. Each frame is preceded by its number of words, and a bit that says whether more may have been evaluated than is noted.
/// </summary>
internal sealed class EvaluatedMarks
{
    private const int Initial = 32;
    private const int Kept = 8 * 1024;
    private const ulong InDoubt = 1UL << 63;

    private ulong[] _words = new ulong[Initial];
    private int _top;

    public int Push(int children) => PushWords((children + 63) >> 6);

    /// <summary>Pushes an empty frame of the same size.</summary>
    public int PushLike(int frame) => PushWords(WordsOf(frame));

    public void Pop(int frame) => _top = frame - 1;

    public void Mark(int frame, int child) => _words[frame + (child >> 6)] |= 1UL << (child & 63);

    public bool IsMarked(int frame, int child) => (_words[frame + (child >> 6)] & (1UL << (child & 63))) != 0;

    public void MarkAll(int frame) => _words.AsSpan(frame, WordsOf(frame)).Fill(ulong.MaxValue);

    /// <summary>The size of a frame.</summary>
    public int WordsOf(int frame) => (int)_words[frame - 1];

    /// <summary>Notes that what couldn't be judged may have evaluated children that aren't marked.</summary>
    public void Doubt(int frame) => _words[frame - 1] |= InDoubt;

    public bool IsInDoubt(int frame) => (_words[frame - 1] & InDoubt) != 0;

    public void Merge(int from, int into)
    {
        _words[into - 1] |= _words[from - 1] & InDoubt;
        for (int i = 0; i < WordsOf(from); i++)
        {
            _words[into + i] |= _words[from + i];
        }
    }

    /// <summary>Drops all frames.</summary>
    public void Clear() => _top = 0;

    /// <summary>Drops all frames, and gives back what a big value made grow.</summary>
    public void Reset()
    {
        Clear();
        if (_words.Length > Kept)
        {
            _words = new ulong[Initial];
        }
    }

    private int PushWords(int words)
    {
        int frame = _top + 1;
        if (_words.Length - frame < words)
        {
            Array.Resize(ref _words, Math.Max(frame + words, _words.Length * 2));
        }

        _words[_top] = (ulong)words;
        _words.AsSpan(frame, words).Clear();
        _top = frame + words;
        if (_top == _words.Length)
        {
            Array.Resize(ref _words, _words.Length * 2);
        }

        return frame;
    }
}
