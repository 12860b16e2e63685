using System.Buffers;

namespace PolicyLayer.Regexes;

/// <summary>Where in a text a match can begin, by the framework's vectorised search. Immutable.</summary>
internal sealed class RegexPrefilter
{
    // With more, too few bytes are skipped for the search to pay.
    private const int MaxFirstBytes = 4;
    private const int MaxStartStates = 64;

    private readonly byte[] _prefix;
    private readonly SearchValues<byte>? _firstBytes;

    private RegexPrefilter(byte[] prefix, SearchValues<byte>? firstBytes, int startStates)
    {
        _prefix = prefix;
        _firstBytes = firstBytes;
        StartStates = startStates;
    }

    /// <summary>How many states are active where nothing of a match has been read.</summary>
    public int StartStates { get; }

    /// <summary>The filter of a program; null where it would let most bytes pass.</summary>
    /// <param name="program">The program.</param>
    /// <param name="prefix">What every match begins with.</param>
    public static RegexPrefilter? For(RegexProgram program, byte[] prefix)
    {
        if (program.IsAnchored || program.LooksBehind || program.ReadsNeighbours)
        {
            return null;
        }

        var states = RegexStates.OfThread;
        states.Begin(program);
        states.Start(RegexNeighbour.Other);
        if (states.IsFound || states.Count > MaxStartStates)
        {
            return null;
        }

        if (prefix.Length > 1)
        {
            return new RegexPrefilter(prefix, null, states.Count);
        }

        byte[]? firstBytes = FindFirstBytes(program, states.Sort());
        return firstBytes is { Length: <= MaxFirstBytes } ? new RegexPrefilter([], SearchValues.Create(firstBytes), states.Count) : null;
    }

    /// <summary>How many bytes can be skipped, up to the next at which a match may begin, or all.</summary>
    public int Skip(ReadOnlySpan<byte> text)
    {
        int skipped = _firstBytes is null ? text.IndexOf(_prefix) : text.IndexOfAny(_firstBytes);
        return skipped < 0 ? text.Length : skipped;
    }

    // Null where a match can begin beyond ASCII.
    private static byte[]? FindFirstBytes(RegexProgram program, ReadOnlySpan<int> start)
    {
        CodePointClasses classes = program.Classes;
        bool[] taken = new bool[classes.Count];
        foreach (int state in start)
        {
            RegexInstruction instruction = program.Instructions[state];
            for (int i = 0; i < taken.Length && instruction.Operation >= RegexOperation.TakeClass; i++)
            {
                taken[i] |= program.Takes(instruction, i);
            }
        }

        for (int i = 0; i < taken.Length; i++)
        {
            if (taken[i] && classes.ReachesBeyondAscii(i))
            {
                return null;
            }
        }

        var bytes = new List<byte>();
        for (int i = 0; i < CodePointClasses.AsciiEnd; i++)
        {
            if (taken[classes.Ascii[i]])
            {
                bytes.Add((byte)i);
            }
        }

        return [.. bytes];
    }
}
