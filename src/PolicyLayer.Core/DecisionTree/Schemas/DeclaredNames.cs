using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using PolicyLayer.Json;

namespace PolicyLayer.DecisionTree.Schemas;

/// <summary>
/// Finds which of a schema's names a member has: at once where members come in the schema's order, else by comparing all when there
/// are few, or those of one hash under a secret key.
/// </summary>
internal sealed class DeclaredNames
{
    private const int FewNames = 8;

    private static readonly ulong Key = BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(sizeof(ulong))) | 1;

    private readonly byte[][] _names;

    /// <summary>For each bucket the first name's position plus 1, and for each name the next one's in its bucket.</summary>
    private readonly int[] _buckets = [];
    private readonly int[] _next = [];

    public DeclaredNames(string[] names)
    {
        _names = [.. names.Select(Encoding.UTF8.GetBytes)];
        if (names.Length <= FewNames)
        {
            return;
        }

        _buckets = new int[BitOperations.RoundUpToPowerOf2((uint)names.Length * 2)];
        _next = new int[names.Length];
        for (int i = 0; i < names.Length; i++)
        {
            ref int bucket = ref BucketOf(_names[i]);
            _next[i] = bucket;
            bucket = i + 1;
        }
    }

    public ReadOnlySpan<byte> this[int position] => _names[position];

    /// <summary>The name's position, or -1. The expected one is tried first.</summary>
    public int Find(JsonString name, int expected, SchemaText buffer)
    {
        ReadOnlySpan<byte> text = name.HasEscapes ? buffer.ToUtf8(name) : name.Raw;
        if ((uint)expected < (uint)_names.Length && text.SequenceEqual(_names[expected]))
        {
            return expected;
        }

        return _buckets.Length == 0 ? FindAmongFew(text) : FindAmongMany(text);
    }

    private int FindAmongFew(ReadOnlySpan<byte> text)
    {
        byte[][] names = _names;
        for (int i = 0; i < names.Length; i++)
        {
            if (text.SequenceEqual(names[i]))
            {
                return i;
            }
        }

        return -1;
    }

    private int FindAmongMany(ReadOnlySpan<byte> text)
    {
        int found = BucketOf(text) - 1;
        while (found >= 0 && !text.SequenceEqual(_names[found]))
        {
            found = _next[found] - 1;
        }

        return found;
    }

    private ref int BucketOf(ReadOnlySpan<byte> text)
    {
        ulong hash = Mix(Key, (ulong)text.Length);
        while (text.Length >= sizeof(ulong))
        {
            hash = Mix(hash, BinaryPrimitives.ReadUInt64LittleEndian(text));
            text = text[sizeof(ulong)..];
        }

        ulong rest = 0;
        foreach (byte b in text)
        {
            rest = (rest << 8) | b;
        }

        return ref _buckets[(int)Mix(hash, rest) & (_buckets.Length - 1)];
    }

    /// <summary>Both halves of the product: every bit of the word reaches the low bits that choose a bucket.</summary>
    private static ulong Mix(ulong hash, ulong word)
    {
        ulong high = Math.BigMul(hash ^ word, Key, out ulong low);
        return high ^ low;
    }
}
