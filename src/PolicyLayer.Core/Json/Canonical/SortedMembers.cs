using System.Buffers;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Json.Canonical;

/// <summary>
/// The members of the objects that are being written, each object's in canonical order: a stack in rented room, to be disposed of. An
/// object's names are decoded and sorted once, and not with those of any other.
/// </summary>
internal sealed class SortedMembers : IDisposable
{
    private const int Initial = 64;

    private Member[] _members = ArrayPool<Member>.Shared.Rent(Initial);
    private byte[] _names = ArrayPool<byte>.Shared.Rent(Initial);

    /// <summary>How many there are: the next object's begin here.</summary>
    public int Count { get; private set; }

    /// <summary>The token of the name of one of them.</summary>
    public int this[int member] => _members[member].Token;

    /// <summary>Adds an object's members.</summary>
    /// <param name="value">The object.</param>
    /// <param name="count">How many it has.</param>
    /// <param name="nameBytes">The bytes of their names, as written.</param>
    public void Push(in JsonValue value, int count, int nameBytes)
    {
        MakeRoom(count, nameBytes);
        int first = Count;
        int length = 0;
        foreach (JsonValue.Property property in value.EnumerateProperties())
        {
            int decoded = property.Name.Decode(_names.AsSpan(length));
            ulong key = Utf16Order.KeyOf(_names.AsSpan(length, decoded));
            _members[Count++] = new Member(key, property.Value.Index - 1, length, decoded);
            length += decoded;
        }

        Sort(_members.AsSpan(first, count), _members.AsSpan(Count));
    }

    /// <summary>Forgets all but the first ones.</summary>
    public void Pop(int count) => Count = count;

    public void Dispose()
    {
        // Names may be data too, and the pool is everyone's.
        ArrayPool<byte>.Shared.Return(_names, clearArray: true);
        ArrayPool<Member>.Shared.Return(_members);
        (_names, _members) = ([], []);
    }

    private void MakeRoom(int members, int nameBytes)
    {
        if (nameBytes > _names.Length)
        {
            ArrayPool<byte>.Shared.Return(_names, clearArray: true);
            _names = ArrayPool<byte>.Shared.Rent(nameBytes);
        }

        // Half as much again is room to sort in.
        int needed = Count + members + (members / 2);
        if (needed > _members.Length)
        {
            Member[] larger = ArrayPool<Member>.Shared.Rent(Math.Max(needed, _members.Length * 2));
            _members.AsSpan(0, Count).CopyTo(larger);
            ArrayPool<Member>.Shared.Return(_members);
            _members = larger;
        }
    }

    /// <summary>Merges sorted halves: whatever the names, none is compared more often than its object can be halved.</summary>
    private void Sort(Span<Member> members, Span<Member> room)
    {
        int half = members.Length / 2;
        if (half == 0)
        {
            return;
        }

        Sort(members[..half], room);
        Sort(members[half..], room);
        if (Compare(members[half - 1], members[half]) > 0)
        {
            members[..half].CopyTo(room);
            Merge(room[..half], members[half..], members);
        }
    }

    /// <summary>Merges two halves, of which the second stands where the merged ones end.</summary>
    private void Merge(ReadOnlySpan<Member> left, ReadOnlySpan<Member> right, Span<Member> merged)
    {
        int i = 0;
        int j = 0;
        while (i < left.Length)
        {
            bool takesRight = j < right.Length && Compare(left[i], right[j]) > 0;
            merged[i + j] = takesRight ? right[j] : left[i];
            (i, j) = takesRight ? (i, j + 1) : (i + 1, j);
        }
    }

    private int Compare(in Member a, in Member b)
    {
        int order = a.Key.CompareTo(b.Key);
        return order != 0 ? order : Utf16Order.Compare(_names.AsSpan(a.Start, a.Length), _names.AsSpan(b.Start, b.Length));
    }

    /// <summary>A member by its name: what it begins with, its token, and where it stands decoded.</summary>
    private readonly record struct Member(ulong Key, int Token, int Start, int Length);
}
