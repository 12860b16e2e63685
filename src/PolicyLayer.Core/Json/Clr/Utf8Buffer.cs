namespace PolicyLayer.Json.Clr;

/// <summary>A growable buffer of bytes, reused between calls. What doesn't fit any array is refused, not thrown.</summary>
internal sealed class Utf8Buffer
{
    private const int Initial = 1024;
    private const int Kept = 1024 * 1024;

    private byte[] _bytes = new byte[Initial];
    private int _count;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _count);

    /// <summary>How many bytes are worth writing: once there are more, no room is given.</summary>
    public long Enough { get; set; } = Array.MaxLength;

    public void Clear() => _count = 0;

    /// <summary>Forgets what is written, and gives back what a big text made grow.</summary>
    public void Reset()
    {
        _count = 0;
        if (_bytes.Length > Kept)
        {
            _bytes = new byte[Initial];
        }
    }

    /// <summary>Free space of at least so many bytes, to be followed by <see cref="Advance"/>; false when no array has it.</summary>
    public bool TryReserve(long bytes, out Span<byte> free)
    {
        long needed = _count + bytes;
        if (needed > Array.MaxLength || _count > Enough)
        {
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
        if (!TryReserve(bytes.Length, out Span<byte> free))
        {
            return false;
        }

        bytes.CopyTo(free);
        _count += bytes.Length;
        return true;
    }
}
