using System.Buffers;

namespace PolicyLayer.Regexes;

/// <summary>Where in a text a match can begin, by the framework's vectorised search. Immutable.</summary>
internal sealed class RegexPrefilter
{
    // With more, too few bytes are skipped for the search to pay.
    private const double MaxPart = 0.06;

    private readonly byte[] _prefix;
    private readonly RegexHeads? _heads;
    private readonly SearchValues<byte>? _firstBytes;
    private readonly int[] _startStates;

    private RegexPrefilter(byte[] prefix, RegexHeads? heads, SearchValues<byte>? firstBytes, int[] startStates)
    {
        _prefix = prefix;
        _heads = heads;
        _firstBytes = firstBytes;
        _startStates = startStates;
    }

    /// <summary>The filter of a program; null where it would let too many bytes pass.</summary>
    public static RegexPrefilter? For(RegexProgram program, RegexLiterals literals)
    {
        if (program.IsAnchored)
        {
            return null;
        }

        if (literals.Prefix.Length > 1)
        {
            return new RegexPrefilter(literals.Prefix, null, null, CountStartStates(program));
        }

        var builder = RegexHeadsBuilder.Of(program);
        return builder.Length switch
        {
            0 => null,
            1 => OfFirstBytes(program, builder.Ways),
            _ => OfHeads(program, new RegexHeadPlaces(builder.Ways)),
        };
    }

    /// <summary>How many states are active where nothing of a match has been read.</summary>
    public int StartStates(RegexNeighbour before) => _startStates[(int)before];

    /// <summary>The next position, from this one on, at which a match may begin; the end if there is none.</summary>
    public int Skip(ReadOnlySpan<byte> text, int position)
    {
        int found = IndexIn(text[position..]);
        return found < 0 ? text.Length : position + found;
    }

    private int IndexIn(ReadOnlySpan<byte> text)
    {
        if (_heads is not null)
        {
            return _heads.IndexIn(text);
        }

        return _firstBytes is null ? text.IndexOf(_prefix) : text.IndexOfAny(_firstBytes);
    }

    private static RegexPrefilter? OfFirstBytes(RegexProgram program, ReadOnlySpan<byte> ways)
    {
        var first = new List<byte>();
        for (int i = 0; i < ways.Length; i++)
        {
            if (ways[i] != 0)
            {
                first.Add((byte)i);
            }
        }

        return RegexByteFrequencies.Sum([.. first]) > MaxPart
            ? null
            : new RegexPrefilter([], null, SearchValues.Create([.. first]), CountStartStates(program));
    }

    private static RegexPrefilter? OfHeads(RegexProgram program, RegexHeadPlaces places) => places.PartOfTexts() > MaxPart
        ? null
        : new RegexPrefilter([], new RegexHeads(places), null, CountStartStates(program));

    private static int[] CountStartStates(RegexProgram program)
    {
        RegexStates states = RegexStates.OfThread;
        states.Begin(program);
        int[] counts = new int[(int)RegexNeighbour.Edge];
        for (int i = 0; i < counts.Length; i++)
        {
            states.Start((RegexNeighbour)i);
            counts[i] = states.Count;
        }

        return counts;
    }
}
