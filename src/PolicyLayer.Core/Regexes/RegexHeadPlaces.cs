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

    public int Length { get; }

    public int First { get; private set; }

    public int Second { get; private set; }

    public int Third { get; private set; }

    /// <summary>How far from the first the last byte stands that is looked at.</summary>
    public int Reach => Math.Max(Math.Min(Adjacents, Length) - 1, Math.Max(Second, Third));

    /// <summary>The part of the places in usual texts where a match seems to begin, by estimate.</summary>
    public double PartOfTexts()
    {
        Span<double> parts = stackalloc double[Adjacents];
        parts.Fill(1);
        for (int place = 0; place < Math.Min(Adjacents, Length); place++)
        {
            byte[] bits = BitsOfAdjacent(place);
            for (int other = 0; other < Adjacents; other++)
            {
                parts[other] *= RegexByteFrequencies.Sum(bits, (byte)(1 << (MaxWays + other)));
            }
        }

        return Part(First, Second, Third) + parts[0] + parts[1] + parts[2];
    }

    /// <summary>What stands at a place where all is ASCII.</summary>
    public RegexHeadPlace InAscii(int place) => RegexHeadPlace.Of(place, _ways.AsSpan(place * Bytes, Ascii));

    /// <summary>What stands at one of the first three places where not all is ASCII.</summary>
    public RegexHeadPlace Adjacent(int place) => place < Length
        ? RegexHeadPlace.Of(place, BitsOfAdjacent(place))
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
    private byte[] BitsOfAdjacent(int place)
    {
        byte[] bits = new byte[Bytes];
        for (int i = 0; i < Bytes; i++)
        {
            int ways = _ways[(place * Bytes) + i];
            int all = i < Ascii ? ways : 0;
            for (int other = 0; other < Math.Min(Adjacents, Length); other++)
            {
                bool fits = place > other || (ways != 0 && (i < Ascii) == (place < other));
                all |= fits ? 1 << (MaxWays + other) : 0;
            }

            bits[i] = (byte)all;
        }

        return bits;
    }
}
