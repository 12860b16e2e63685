using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace PolicyLayer.DecisionTree;

/// <summary>
/// Entries by the exact name of their tool: chains in one array, made in a fraction of the time of a frozen dictionary and looked up as
/// fast. Filled by one thread; afterwards any number may look.
/// </summary>
internal sealed class ToolNames
{
    // Secret and random, so that nobody writes a document of names that meet.
    private static readonly ulong Key = BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(sizeof(ulong))) | 1;

    private Slot[] _slots;

    /// <summary>For each bucket the place of its first name, counted from 1; 0 for none. Their number is a power of two.</summary>
    private int[] _buckets;

    /// <param name="expected">How many names there will be, about.</param>
    public ToolNames(int expected)
    {
        _slots = new Slot[Math.Max(1, expected)];
        _buckets = new int[BitOperations.RoundUpToPowerOf2((uint)_slots.Length)];
    }

    public int Count { get; private set; }

    public IEnumerable<string> All => _slots.Take(Count).Select(slot => slot.Name);

    /// <summary>Adds a name, or gives one that is there another entry.</summary>
    public void Set(string name, ToolEntry entry)
    {
        uint hash = Hash(name);
        int place = Find(name, hash);
        if (place >= 0)
        {
            _slots[place].Entry = entry;
            return;
        }

        if (Count == _slots.Length)
        {
            Grow();
        }

        Link(Count++, new Slot { Name = name, Entry = entry, Hash = hash });
    }

    public bool TryGet(string name, [NotNullWhen(true)] out ToolEntry? entry)
    {
        int place = Find(name, Hash(name));
        entry = place < 0 ? null : _slots[place].Entry;
        return place >= 0;
    }

    private int Find(string name, uint hash)
    {
        Slot[] slots = _slots;
        int place = _buckets[hash & (uint)(_buckets.Length - 1)] - 1;
        while ((uint)place < (uint)slots.Length)
        {
            ref readonly Slot slot = ref slots[place];
            if (slot.Hash == hash && string.Equals(slot.Name, name))
            {
                break;
            }

            place = slot.Next - 1;
        }

        return place;
    }

    private void Grow()
    {
        Slot[] old = _slots;
        _slots = new Slot[2 * old.Length];
        _buckets = new int[2 * _buckets.Length];
        for (int place = 0; place < old.Length; place++)
        {
            Link(place, old[place]);
        }
    }

    private void Link(int place, Slot slot)
    {
        ref int first = ref _buckets[slot.Hash & (uint)(_buckets.Length - 1)];
        slot.Next = first;
        _slots[place] = slot;
        first = place + 1;
    }

    private static uint Hash(string name)
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(name.AsSpan());
        ulong hash = Key ^ (ulong)bytes.Length;
        while (bytes.Length > sizeof(ulong))
        {
            hash = Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        ulong last = 0;
        for (int i = 0; i < bytes.Length; i += sizeof(char))
        {
            last = (last << 16) | BinaryPrimitives.ReadUInt16LittleEndian(bytes[i..]);
        }

        return (uint)Mix(hash ^ last);
    }

    private static ulong Mix(ulong value)
    {
        ulong high = Math.BigMul(value, Key, out ulong low);
        return high ^ low;
    }

    private struct Slot
    {
        public string Name;
        public ToolEntry Entry;
        public uint Hash;

        /// <summary>The place of the next name of the bucket, counted from 1; 0 for none.</summary>
        public int Next;
    }
}
