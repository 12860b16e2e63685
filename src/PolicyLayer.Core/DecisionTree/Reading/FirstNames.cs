using PolicyLayer.Text;

namespace PolicyLayer.DecisionTree.Reading;

/// <summary>
/// Of many names the first in ordinal order, each cut short. What a record asks of a call isn't counted as work, or recording would change
/// what is denied: so a name costs little, whatever there is of them, and only those that stay become strings.
/// </summary>
internal sealed class FirstNames
{
    private const int MaxNames = 64;
    private const int MaxLength = 64;

    // A place for each name, and one for the next. The order names the places.
    private readonly char[] _units = new char[(MaxNames + 1) * MaxLength];
    private readonly int[] _lengths = new int[MaxNames + 1];
    private readonly int[] _order = new int[MaxNames + 1];
    private int _count;
    private int _free;

    public void Clear()
    {
        _count = 0;
        _free = MaxNames;
    }

    /// <summary>Adds a name, unless it is there, cut short, or so many come before it.</summary>
    public void Add(ReadOnlySpan<char> name)
    {
        name = Utf16.Cut(name, MaxLength);
        int position = PositionOf(name, out bool isKnown);
        if (isKnown || position == MaxNames)
        {
            return;
        }

        int place = _count < MaxNames ? _count : _free;
        name.CopyTo(_units.AsSpan(place * MaxLength));
        _lengths[place] = name.Length;
        _order.AsSpan(position, _count - position).CopyTo(_order.AsSpan(position + 1));
        _order[position] = place;
        if (_count == MaxNames)
        {
            _free = _order[MaxNames];
        }
        else
        {
            _count++;
        }
    }

    public string[] ToArray()
    {
        string[] names = new string[_count];
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = NameAt(i).ToString();
        }

        return names;
    }

    private ReadOnlySpan<char> NameAt(int position) => _units.AsSpan(_order[position] * MaxLength, _lengths[_order[position]]);

    private int PositionOf(ReadOnlySpan<char> name, out bool isKnown)
    {
        isKnown = false;
        int low = 0;
        int high = _count;

        // Most names come behind so many others.
        if (_count == MaxNames && name.SequenceCompareTo(NameAt(MaxNames - 1)) > 0)
        {
            return MaxNames;
        }

        while (low < high && !isKnown)
        {
            int middle = (low + high) / 2;
            int order = name.SequenceCompareTo(NameAt(middle));
            isKnown = order == 0;
            (low, high) = order > 0 ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
