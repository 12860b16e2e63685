using System.Numerics;

namespace PolicyLayer.Json.Values;

/// <summary>
/// Open-addressing tables of names, keyed by a hash that an agent can't predict. Tables are used like a stack, so that a
/// comparison can nest.
/// </summary>
internal sealed class JsonNameTable
{
    private const int Initial = 64;
    private const int Kept = 64 * 1024;

    private Slot[] _slots = new Slot[Initial];
    private int _top;

    /// <summary>Opens an empty table for so many names of the text.</summary>
    public Frame Push(int names)
    {
        int size = (int)BitOperations.RoundUpToPowerOf2((uint)names * 2);
        int start = _top;
        if (_slots.Length - start < size)
        {
            Array.Resize(ref _slots, Math.Max(checked(start + size), _slots.Length * 2));
        }

        _slots.AsSpan(start, size).Clear();
        _top = start + size;
        return new Frame(start, size - 1);
    }

    public void Pop(Frame frame) => _top = frame.Start;

    /// <summary>Adds the name at a token; false when an equal one is there.</summary>
    public bool TryAdd(Frame frame, ReadOnlySpan<byte> text, ReadOnlySpan<JsonToken> tokens, int token)
    {
        var name = new JsonString(text, tokens[token]);
        ulong hash = JsonHash.Of(name);
        ref Slot slot = ref Probe(frame, text, tokens, name, hash);
        if (slot.Token != 0)
        {
            return false;
        }

        slot = new Slot((uint)(hash >> 32), token);
        return true;
    }

    /// <summary>The token of an equal name, or 0.</summary>
    public int Find(Frame frame, ReadOnlySpan<byte> text, ReadOnlySpan<JsonToken> tokens, JsonString name) =>
        Probe(frame, text, tokens, name, JsonHash.Of(name)).Token;

    public void Reset()
    {
        _top = 0;
        if (_slots.Length > Kept)
        {
            _slots = new Slot[Initial];
        }
    }

    private ref Slot Probe(Frame frame, ReadOnlySpan<byte> text, ReadOnlySpan<JsonToken> tokens, JsonString name, ulong hash)
    {
        Span<Slot> slots = _slots.AsSpan(frame.Start, frame.Mask + 1);
        int i = (int)hash & frame.Mask;
        while (slots[i].Token != 0 && !(slots[i].Hash == (uint)(hash >> 32) && new JsonString(text, tokens[slots[i].Token]).Equals(name)))
        {
            i = (i + 1) & frame.Mask;
        }

        return ref slots[i];
    }

    internal readonly record struct Frame(int Start, int Mask);

    /// <summary>Token 0 is free: a name's token never comes first. Of the hash, the half that doesn't say where the slot is.</summary>
    private readonly record struct Slot(uint Hash, int Token);
}
