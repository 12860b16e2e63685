using System.Numerics;
using PolicyLayer.Calls;
using PolicyLayer.Json.Values;

namespace PolicyLayer.DecisionTree.Schemas;

/// <summary>Finds equal elements of an array by their hashes under a secret key: linear, whatever an agent writes.</summary>
internal sealed class ItemTable
{
    private const int Initial = 64;
    private const int Kept = 64 * 1024;

    private Slot[] _slots = new Slot[Initial];

    /// <summary>Whether no two elements of the array are equal.</summary>
    public bool AreUnique(JsonValue array, int count, WorkBudget work)
    {
        int size = (int)BitOperations.RoundUpToPowerOf2((uint)count * 2);
        if (_slots.Length < size)
        {
            _slots = new Slot[size];
        }

        Span<Slot> slots = _slots.AsSpan(0, size);
        slots.Clear();
        foreach (JsonValue element in array.EnumerateElements())
        {
            ulong hash = JsonHash.Of(element);
            int i = (int)hash & (size - 1);
            for (; slots[i].Token != 0; i = (i + 1) & (size - 1))
            {
                var other = new JsonValue(array.Text, array.Tape, slots[i].Token);
                if (slots[i].Hash == hash && JsonEquality.AreEqual(element, other, array.Tape, work))
                {
                    return false;
                }
            }

            slots[i] = new Slot(hash, element.Index);
        }

        return true;
    }

    /// <summary>Gives back what a big array made grow.</summary>
    public void Reset()
    {
        if (_slots.Length > Kept)
        {
            _slots = new Slot[Initial];
        }
    }

    /// <summary>Token 0 is free: an element never comes first.</summary>
    private readonly record struct Slot(ulong Hash, int Token);
}
