namespace PolicyLayer.Json.Clr;

/// <summary>A growable buffer of bytes, reused between calls. What doesn't fit is refused, not thrown.</summary>
internal sealed class Utf8Buffer
{
    private const int Initial = 1024;
    private const int Kept = 1024 * 1024;

    private byte[] _bytes = new byte[Initial];
    private int _count;
    private bool _isRefused;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _count);

    /// <summary>How many bytes a text may have.</summary>
    public long Limit { get; set; } = Array.MaxLength;

    /// <summary>Whether the text is longer than that. Then only a beginning is written.</summary>
    public bool IsFull => _isRefused || _count > Limit;

    /// <summary>The full name of the type of what couldn't be written, the innermost of it; null where all was.</summary>
    public string? RefusedType { get; private set; }

    /// <summary>Takes down what couldn't be written, from the inside out. It returns false.</summary>
    public bool Refuse(object? value)
    {
        if (RefusedType is null && value is not null)
        {
            RefusedType = value.GetType().FullName ?? value.GetType().Name;
        }

        return false;
    }

    public void Clear()
    {
        RefusedType = null;
        _count = 0;
        _isRefused = false;
    }

    /// <summary>Forgets what is written, and gives back what a big text made grow.</summary>
    public void Reset()
    {
        _count = 0;
        if (_bytes.Length > Kept)
        {
            _bytes = new byte[Initial];
        }
    }

    /// <summary>Free space, to be followed by <see cref="Advance"/>; false when not even the least that is to be written fits.</summary>
    /// <param name="least">So many bytes are to be written at least.</param>
    /// <param name="most">So many are free.</param>
    /// <param name="free">The space.</param>
    public bool TryReserve(long least, long most, out Span<byte> free)
    {
        long needed = _count + most;
        if (_count + least > Limit || needed > Array.MaxLength)
        {
            _isRefused = true;
            free = default;
            return false;
        }

        if (needed > _bytes.Length)
        {
            Array.Resize(ref _bytes, (int)Math.Min(Math.Max(needed, _bytes.Length * 2L), Array.MaxLength));
        }

        free = _bytes.AsSpan(_count);
        return true;
    }

    public void Advance(int bytes) => _count += bytes;

    public bool TryAppend(ReadOnlySpan<byte> bytes)
    {
        if (!TryReserve(bytes.Length, bytes.Length, out Span<byte> free))
        {
            return false;
        }

        bytes.CopyTo(free);
        _count += bytes.Length;
        return true;
    }
}
