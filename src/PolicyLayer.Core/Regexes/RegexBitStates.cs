using System.Numerics;
using System.Runtime.CompilerServices;

namespace PolicyLayer.Regexes;

/// <summary>
/// Active states as bits, sixty-four at a time, for programs of which many are active at once: those are written out loops, in which most
/// states lead to near ones, and many to the same others. One program and thread at a time.
/// </summary>
internal sealed class RegexBitStates : IRegexStates
{
    private const int BitsPerWord = 64;
    private const int WordShift = 6;

    // So many words are read in the time that it takes to follow a state alone.
    private const int WordsPerState = 16;
    private const ulong MatchBit = 1;

    private readonly RegexLinks _links = new();

    // The same where the character before is a newline and the program asks for starts of lines.
    private readonly RegexLinks _newlineLinks = new();
    private RegexLinks _afterNewline = null!;
    private ulong[] _active = [];
    private ulong[] _following = [];

    // By class: the states that take it; null as long as no text had it.
    private ulong[]?[] _takers = [];

    /// <summary>The program whose links it has; null before the first.</summary>
    public RegexProgram? Program { get; private set; }

    /// <summary>So many states the program has.</summary>
    public int Size => _links.Words * BitsPerWord;

    public int Count { get; private set; }

    public bool Pays => Count * WordsPerState >= _active.Length;

    // The match is the first instruction, and so the first bit.
    public bool IsFound => (_active[0] & MatchBit) != 0;

    /// <summary>Whether the program has few enough links for it to pay.</summary>
    public bool Fits { get; private set; }

    /// <summary>Collects the links of a program.</summary>
    public void Collect(RegexProgram program)
    {
        Program = program;
        Fits = _links.TryCollect(program, isAfterNewline: false);
        _afterNewline = program.ReadsNeighbours && program.LooksBehind ? _newlineLinks : _links;
        Fits = Fits && (_afterNewline == _links || _newlineLinks.TryCollect(program, isAfterNewline: true));
        _active = new ulong[_links.Words];
        _following = new ulong[_links.Words];
        _takers = new ulong[program.Classes.Count][];
    }

    /// <summary>Begins with these states active; false for a program that has too many links for it to pay, or too few states.</summary>
    public bool TryBegin(ReadOnlySpan<int> active)
    {
        if (!Fits || active.Length * WordsPerState < _active.Length)
        {
            return false;
        }

        Array.Clear(_active);
        foreach (int state in active)
        {
            Activate(_active, _links.PositionOf(state));
        }

        CountActive();
        return true;
    }

    /// <summary>Makes the states that are active here, but for the match, active there.</summary>
    public void CopyActiveTo(RegexStates states)
    {
        for (int i = 0; i < _active.Length; i++)
        {
            for (ulong bits = _active[i] & (i == 0 ? ~MatchBit : ulong.MaxValue); bits != 0; bits &= bits - 1)
            {
                states.Activate(_links.StateAt((i * BitsPerWord) + BitOperations.TrailingZeroCount(bits)));
            }
        }
    }

    public void Start(RegexNeighbour before)
    {
        LinksAfter(before).Start.CopyTo(_active);
        CountActive();
    }

    public void Decide(RegexNeighbour before, RegexNeighbour after)
    {
        if (!_links.HasAssertions)
        {
            return;
        }

        bool isDone = false;
        while (!isDone)
        {
            isDone = true;
            for (int i = 0; i < _active.Length; i++)
            {
                for (ulong bits = _active[i] & _links.Assertions[i]; bits != 0; bits &= bits - 1)
                {
                    int position = (i * BitsPerWord) + BitOperations.TrailingZeroCount(bits);
                    isDone &= !_links.AssertionAt(position).Holds(before, after) || !Activate(_active, _links.TargetsOf(position));
                }
            }
        }

        CountActive();
    }

    // The way of last resort has no time to get warm.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Take(int @class, RegexNeighbour neighbour)
    {
        ulong[] takers = _takers[@class] ??= _links.FindTakers(@class);
        ulong[] active = _active;
        ulong[] following = _following;
        RegexLinks links = LinksAfter(neighbour);
        (ulong[] toSelf, ulong[] toNeighbour, ulong[] toSecond, ulong[] toOthers) =
            (links.ToSelf, links.ToNeighbour, links.ToSecond, links.ToOthers);
        if (Program!.IsAnchored)
        {
            Array.Clear(following);
        }
        else
        {
            links.Start.CopyTo(following);
        }

        for (int i = 0; i < active.Length; i++)
        {
            ulong taken = active[i] & takers[i];
            if (taken == 0)
            {
                continue;
            }

            ulong neighbours = taken & toNeighbour[i];
            ulong seconds = taken & toSecond[i];
            following[i] |= (taken & toSelf[i]) | (neighbours >> 1) | (seconds >> 2);
            if (i > 0)
            {
                following[i - 1] |= (neighbours << (BitsPerWord - 1)) | (seconds << (BitsPerWord - 2));
            }

            FollowOthers(links, taken & toOthers[i], i * BitsPerWord);
        }

        (_active, _following) = (following, active);
        CountActive();
    }

    // States in a row that lead to the same others do so together.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FollowOthers(RegexLinks links, ulong taken, int first)
    {
        ulong[] following = _following;
        while (taken != 0)
        {
            int position = first + BitOperations.TrailingZeroCount(taken);
            foreach (int target in links.TargetsOf(position))
            {
                following[target >> WordShift] |= 1UL << target;
            }

            int last = links.LastOfRun(position) - first;
            taken = last >= BitsPerWord - 1 ? 0 : taken & (ulong.MaxValue << (last + 1));
        }
    }

    private RegexLinks LinksAfter(RegexNeighbour neighbour) => neighbour == RegexNeighbour.Newline ? _afterNewline : _links;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CountActive()
    {
        int count = 0;
        foreach (ulong word in _active)
        {
            count += BitOperations.PopCount(word);
        }

        Count = IsFound ? count - 1 : count;
    }

    private static bool Activate(ulong[] bits, ReadOnlySpan<int> positions)
    {
        bool isNew = false;
        foreach (int position in positions)
        {
            isNew |= Activate(bits, position);
        }

        return isNew;
    }

    private static bool Activate(ulong[] bits, int position)
    {
        ref ulong word = ref bits[position >> WordShift];
        ulong before = word;
        word |= 1UL << position;
        return word != before;
    }
}
