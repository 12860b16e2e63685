using System.Buffers.Binary;
using System.Security.Cryptography;

namespace PolicyLayer.Json.Values;

/// <summary>
/// A polynomial in a secret, random point over the prime field of 2^61 - 1: two different inputs of n words collide for at
/// most n of the 2^61 points, whatever an agent writes.
/// </summary>
internal struct KeyedHasher
{
    private const ulong Prime = (1UL << 61) - 1;
    private const int WordBytes = 7;

    private static readonly ulong Point = ReadRandom() % (Prime - (1UL << 32)) + (1UL << 32);
    private static readonly ulong Mask = ReadRandom();

    private ulong _sum;
    private ulong _word;
    private int _wordBytes;
    private long _length;

    /// <summary>The polynomial's value so far, below 2^61 - 1.</summary>
    public readonly ulong Sum => _sum;

    public static ulong OfBytes(ReadOnlySpan<byte> bytes)
    {
        var hasher = default(KeyedHasher);
        hasher._length = bytes.Length;
        while (bytes.Length >= sizeof(ulong))
        {
            hasher.AddWord(BinaryPrimitives.ReadUInt64LittleEndian(bytes) & 0x00FF_FFFF_FFFF_FFFF);
            bytes = bytes[WordBytes..];
        }

        foreach (byte b in bytes)
        {
            hasher.AddToWord(b);
        }

        return hasher.FinishBytes();
    }

    /// <summary>One number below 2^61 - 1; greater ones are taken modulo that.</summary>
    public void AddWord(ulong word)
    {
        UInt128 product = Math.BigMul(_sum, Point) + (UInt128)(word >= Prime ? word % Prime : word);
        ulong folded = (ulong)(product & Prime) + (ulong)(product >> 61);
        _sum = folded >= Prime ? folded - Prime : folded;
    }

    /// <summary>All 64 bits of a number.</summary>
    public void AddLong(ulong value)
    {
        AddWord(value >> 32);
        AddWord(value & uint.MaxValue);
    }

    /// <summary>Bytes in any number of pieces, completed by <see cref="FinishBytes"/>.</summary>
    public void AddBytes(ReadOnlySpan<byte> bytes)
    {
        _length += bytes.Length;
        foreach (byte b in bytes)
        {
            AddToWord(b);
        }
    }

    public ulong FinishBytes()
    {
        if (_wordBytes > 0)
        {
            AddWord(_word);
        }

        AddWord((ulong)_length);
        return Finish();
    }

    public readonly ulong Finish()
    {
        // The finaliser spreads what the polynomial left in some bits over all of them.
        ulong h = _sum ^ Mask;
        h = (h ^ (h >> 33)) * 0xFF51AFD7ED558CCD;
        h = (h ^ (h >> 33)) * 0xC4CEB9FE1A85EC53;
        return h ^ (h >> 33);
    }

    private static ulong ReadRandom()
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    private void AddToWord(byte b)
    {
        _word |= (ulong)b << (8 * _wordBytes);
        if (++_wordBytes == WordBytes)
        {
            AddWord(_word);
            _word = 0;
            _wordBytes = 0;
        }
    }
}
