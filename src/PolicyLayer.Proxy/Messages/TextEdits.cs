namespace PolicyLayer.Proxy.Messages;

/// <summary>Changes to a message's bytes, in their order; all others stay as they are.</summary>
internal sealed class TextEdits
{
    private readonly List<(TextSpan Place, ReadOnlyMemory<byte> Text)> _edits = [];

    public bool IsEmpty => _edits.Count == 0;

    /// <summary>Puts other bytes in a place.</summary>
    public void Replace(TextSpan place, ReadOnlyMemory<byte> text) => _edits.Add((place, text));

    /// <summary>Puts bytes before a place.</summary>
    public void Insert(int position, ReadOnlyMemory<byte> text) => _edits.Add((new TextSpan(position, 0), text));

    /// <summary>Takes items out of a list that commas part, with one comma each.</summary>
    /// <param name="items">All items of the list, in their order.</param>
    /// <param name="isTaken">Which go.</param>
    public void Take(IReadOnlyList<TextSpan> items, Func<int, bool> isTaken)
    {
        int lastKept = -1;
        int firstTaken = -1;
        for (int i = 0; i < items.Count; i++)
        {
            if (isTaken(i))
            {
                firstTaken = firstTaken < 0 ? i : firstTaken;
                continue;
            }

            if (firstTaken >= 0)
            {
                Cut(items[firstTaken].Start, items[i].Start);
                firstTaken = -1;
            }

            lastKept = i;
        }

        if (firstTaken >= 0)
        {
            Cut(lastKept < 0 ? items[0].Start : items[lastKept].End, items[^1].End);
        }
    }

    /// <summary>The changed text.</summary>
    public ReadOnlyMemory<byte> ApplyTo(ReadOnlyMemory<byte> text)
    {
        if (IsEmpty)
        {
            return text;
        }

        var result = new MemoryStream(text.Length);
        int position = 0;
        foreach ((TextSpan place, ReadOnlyMemory<byte> replacement) in _edits.OrderBy(edit => edit.Place.Start))
        {
            result.Write(text.Span[position..place.Start]);
            result.Write(replacement.Span);
            position = place.End;
        }

        result.Write(text.Span[position..]);
        return result.GetBuffer().AsMemory(0, (int)result.Length);
    }

    private void Cut(int start, int end) => Replace(new TextSpan(start, end - start), default);
}
