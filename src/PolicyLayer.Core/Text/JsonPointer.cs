namespace PolicyLayer.Text;

/// <summary>JSON Pointers (RFC 6901).</summary>
internal static class JsonPointer
{
    public static string Escape(string name) =>
        name.AsSpan().IndexOfAny('~', '/') < 0
            ? name
            : name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    /// <summary>The name that a pointer's step writes; null when a <c>~</c> in it begins no escape.</summary>
    public static string? Unescape(ReadOnlySpan<char> step)
    {
        for (int i = step.IndexOf('~'); i >= 0 && i < step.Length; i++)
        {
            if (step[i] == '~' && (i + 1 == step.Length || step[i + 1] is not ('0' or '1')))
            {
                return null;
            }
        }

        return step.ToString().Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
    }
}
