namespace PolicyLayer.DecisionTree.Schemas.Formats;

/// <summary><c>json-pointer</c>: RFC 6901 section 3.</summary>
internal static class JsonPointerFormat
{
    public static bool Matches(ReadOnlySpan<byte> text)
    {
        if (!text.IsEmpty && text[0] != '/')
        {
            return false;
        }

        for (int tilde = text.IndexOf((byte)'~'); tilde >= 0; tilde = text.IndexOf((byte)'~'))
        {
            text = text[(tilde + 1)..];
            if (text.IsEmpty || text[0] is not ((byte)'0' or (byte)'1'))
            {
                return false;
            }
        }

        return true;
    }
}
