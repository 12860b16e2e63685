using PolicyLayer.Json.Values;

namespace PolicyLayer.Proxy.Messages;

/// <summary>Where a message's own members are; below zero for one that isn't there.</summary>
internal readonly struct EnvelopeMembers
{
    public EnvelopeMembers(JsonValue root)
    {
        Id = IndexOf(root, "id"u8);
        Method = IndexOf(root, "method"u8);
        Params = IndexOf(root, "params"u8);
        Result = IndexOf(root, "result"u8);
        Error = IndexOf(root, "error"u8);
    }

    public int Id { get; }

    public int Method { get; }

    public int Params { get; }

    public int Result { get; }

    public int Error { get; }

    /// <summary>Whether it may be taken for more than one kind of message, or for none.</summary>
    public bool AreAmbiguous => (Method >= 0 ? 1 : 0) + (Result >= 0 ? 1 : 0) + (Error >= 0 ? 1 : 0) != 1;

    private static int IndexOf(JsonValue root, ReadOnlySpan<byte> name) => Members.Find(root, name, out JsonValue value) ? value.Index : -1;
}
