namespace PolicyLayer.Json.Values;

/// <summary>One value or name of a scanned text: 16 bytes, written by the scanner alone.</summary>
internal struct JsonToken
{
    /// <summary>Offset in the text; for strings and names behind the opening quote.</summary>
    public int Start;

    /// <summary>Bytes in the text, without quotes. While a container is open: the members met so far.</summary>
    public int Length;

    /// <summary>
    /// Index of the token after the value's last one; for a name, after its value's last one, so it leads to the next name.
    /// While a container is open: the index of the container around it; while a name waits for its value: 0.
    /// </summary>
    public int End;

    public JsonKind Kind;

    /// <summary>For a string or name: it contains a backslash. For an object: one of its own names does.</summary>
    public bool HasEscapes;
}
