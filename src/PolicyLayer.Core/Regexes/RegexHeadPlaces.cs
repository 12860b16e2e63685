using System.Runtime.Intrinsics;

namespace PolicyLayer.Regexes;

/// <summary>Which of the first characters of matches tell most, by how often bytes are in usual texts.</summary>
internal sealed class RegexHeadPlaces
{
    private const int Bytes = RegexHeadsBuilder.Bytes;
    private const int Ascii = CodePointClasses.AsciiEnd;
    private const int MaxWays = RegexHeadsBuilder.MaxWays;

    // Where not all is ASCII, so many bytes are looked at from the first on.
    private const int Adjacents = 3;

    private readonly byte[] _ways;

    // By place, the part of usual texts that are ASCII characters of a way there.
    private readonly double[] _parts;

    /// <param name="ways">By character and byte, the bits of the ways; of two characters or more.</param>
    public RegexHeadPlaces(byte[] ways)
    {
        _ways = ways;
        Length = ways.Length / Bytes;
        _parts = new double[Length * MaxWays];
        for (int i = 0; i < _parts.Length; i++)
        {
            _parts[i] = RegexByteFrequencies.Sum(ways.AsSpan(i / MaxWays * Bytes, Ascii), (byte)(1 << (i % MaxWays)));
        }

        AdjacentWays = FindAdjacentWays();
        (First, Second, Third) = (0, 1, 1);
        for (int second = 1; second < Length; second++)
        {
            for (int first = 0; first < second; first++)
            {
                (First, Second) = Part(first, second, second) <= Part(First, Second, Second) ? (first, second) : (First, Second);
            }
        }

        for (int third = 0; third < Length; third++)
        {
            Third = Part(First, Second, third) <= Part(First, Second, Third) ? third : Third;
        }
    }

    /// <summary>By character and byte, the bits of the ways.</summary>
    public byte[] Ways => _ways;

    /// <summary>The same by byte, for the first three bytes where not all is ASCII.</summary>
    public byte[] AdjacentWays { get; }

    /// <summary>The first bytes, so that what fits is read on for some bytes, and those that tell most.</summary>
    public int[] Distances => [.. Enumerable.Range(0, Math.Min(Adjacents, Length)).Union([First, Second, Third])];

    public int Length { get; }

    public int First { get; private set; }

    public int Second { get; private set; }

    public int Third { get; private set; }

    /// <summary>How far from the first the last byte stands that is looked at.</summary>
    public int Reach => Math.Max(Math.Min(Adjacents, Length) - 1, Math.Max(Second, Third));

    /// <summary>The part of the places in usual texts where a match seems to begin, by estimate.</summary>
    public double PartOfTexts()
    {
        double sum = Part(First, Second, Third);
        for (int way = MaxWays; way < MaxWays + Adjacents; way++)
        {
            double part = 1;
            for (int i = 0; i < AdjacentWays.Length; i += Bytes)
            {
                part *= RegexByteFrequencies.Sum(AdjacentWays.AsSpan(i, Bytes), (byte)(1 << way));
            }

            sum += part;
        }

        return sum;
    }

    /// <summary>What stands at a place where all is ASCII.</summary>
    public RegexHeadPlace InAscii(int place) => RegexHeadPlace.Of(place, _ways.AsSpan(place * Bytes, Ascii));

    /// <summary>What stands at one of the first three places where not all is ASCII.</summary>
    public RegexHeadPlace Adjacent(int place) => place < Length
        ? RegexHeadPlace.Of(place, AdjacentWays.AsSpan(place * Bytes, Bytes))
        : new RegexHeadPlace(0, Vector128<byte>.AllBitsSet, Vector128<byte>.AllBitsSet);

    // What passes where a way must fit at three places, two of which can be the same.
    private double Part(int first, int second, int third)
    {
        double sum = 0;
        for (int way = 0; way < MaxWays; way++)
        {
            double part = _parts[(first * MaxWays) + way] * _parts[(second * MaxWays) + way];
            sum += third == first || third == second ? part : part * _parts[(third * MaxWays) + way];
        }

        return sum;
    }

    // Beside the ways, a bit each for the first, the second and the third character being the first that isn't ASCII: before it stands what
    // any way asks, behind it anything.
    private byte[] FindAdjacentWays()
    {
        int count = Math.Min(Adjacents, Length);
        byte[] adjacent = new byte[count * Bytes];
        for (int i = 0; i < adjacent.Length; i++)
        {
            (int place, bool isAscii) = (i / Bytes, i % Bytes < Ascii);
            int all = isAscii ? _ways[i] : 0;
            for (int other = 0; other < count; other++)
            {
                bool fits = place > other || (_ways[i] != 0 && isAscii == (place < other));
                all |= fits ? 1 << (MaxWays + other) : 0;
            }

            adjacent[i] = (byte)all;
        }

        return adjacent;
    }
}
