namespace PolicyLayer.Proxy.Messages;

/// <summary>A request's id: a string or an integer. Two are equal when any reader may take them for the same.</summary>
/// <param name="Key">The decoded string in quotes, or the nearest double to the integer, which JavaScript reads.</param>
/// <param name="Text">As it was written, to be written again.</param>
internal readonly record struct JsonRpcId(string Key, ReadOnlyMemory<byte> Text)
{
    public bool Equals(JsonRpcId other) => Key == other.Key;

    public override int GetHashCode() => string.GetHashCode(Key, StringComparison.Ordinal);
}
