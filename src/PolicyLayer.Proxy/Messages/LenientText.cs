namespace PolicyLayer.Proxy.Messages;

/// <summary>How readers that are looser than JSON take a text.</summary>
internal static class LenientText
{
    /// <summary>A text as readers written in C take it, for which it ends at a NUL.</summary>
    public static string UntilNul(string text)
    {
        int end = text.IndexOf('\0', StringComparison.Ordinal);
        return end < 0 ? text : text[..end];
    }
}
