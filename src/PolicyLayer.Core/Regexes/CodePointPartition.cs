namespace PolicyLayer.Regexes;

/// <summary>
/// Intervals of code points, those that no set has told apart so far in one class. Splitting visits the intervals of a set, or those
/// outside it where it reaches to the last code point: which of the two is taken makes no difference to the classes.
/// </summary>
internal sealed class CodePointPartition(int[] starts)
{
    private readonly int[] _classOf = new int[starts.Length];

    // By class: its intervals; in the set being split, its intervals there; and the class that those move to.
    private readonly List<int> _sizes = [starts.Length];
    private readonly List<int> _inside = [0];
    private readonly List<int> _moved = [0];
    private readonly List<int> _touched = [];

    public void Split(CodePointSet set)
    {
        ReadOnlySpan<(int First, int Last)> ranges = set.Ranges;
        if (ranges is [.., (_, CodePointSet.Last)])
        {
            ranges = set.Complement().Ranges;
        }

        foreach ((int first, int last) in ranges)
        {
            for (int i = Array.BinarySearch(starts, first); i < starts.Length && starts[i] <= last; i++)
            {
                if (_inside[_classOf[i]]++ == 0)
                {
                    _touched.Add(_classOf[i]);
                }
            }
        }

        foreach (int touched in _touched)
        {
            MakeRoom(touched);
        }

        foreach ((int first, int last) in ranges)
        {
            for (int i = Array.BinarySearch(starts, first); i < starts.Length && starts[i] <= last; i++)
            {
                _classOf[i] = _moved[_classOf[i]];
            }
        }

        _touched.Clear();
    }

    /// <summary>The class of each interval, numbered from 0 by first appearance.</summary>
    public int[] Number(out int count)
    {
        int[] numbers = new int[_sizes.Count];
        int[] classes = new int[starts.Length];
        count = 0;
        for (int i = 0; i < starts.Length; i++)
        {
            if (numbers[_classOf[i]] == 0)
            {
                numbers[_classOf[i]] = ++count;
            }

            classes[i] = numbers[_classOf[i]] - 1;
        }

        return classes;
    }

    // A class that lies in the set as a whole stays itself.
    private void MakeRoom(int touched)
    {
        int inside = _inside[touched];
        _inside[touched] = 0;
        if (inside == _sizes[touched])
        {
            _moved[touched] = touched;
            return;
        }

        _sizes[touched] -= inside;
        _moved[touched] = _sizes.Count;
        _sizes.Add(inside);
        _inside.Add(0);
        _moved.Add(0);
    }
}
