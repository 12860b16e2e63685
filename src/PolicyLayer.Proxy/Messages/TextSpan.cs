namespace PolicyLayer.Proxy.Messages;

/// <summary>A part of a message's bytes.</summary>
/// <param name="Start">Its first byte.</param>
/// <param name="Length">Its bytes.</param>
internal readonly record struct TextSpan(int Start, int Length)
{
    /// <summary>The byte behind it.</summary>
    public int End => Start + Length;
}
