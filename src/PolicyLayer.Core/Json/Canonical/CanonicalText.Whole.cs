using System.Numerics;
using System.Text;
using PolicyLayer.Calls;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Json.Canonical;

/// <content>Values of any kind: arrays and objects too, and numbers with all their digits.</content>
internal sealed partial class CanonicalText
{
    /// <summary>
    /// Appends a value and all that is in it, the members of objects ordered by the UTF-16 code units of their names. Case always counts,
    /// and numbers keep all digits of their exact decimal: values are equal where these texts are. False where too little work is left;
    /// then only a beginning is written.
    /// </summary>
    public bool TryAppendWhole(in JsonValue value)
    {
        if (value.Kind == JsonKind.None || !work.TrySpend(CostOfWhole(value)))
        {
            return false;
        }

        using var members = new SortedMembers();
        return TryAppendAll(value, members);
    }

    private static long CostOfWhole(in JsonValue value) =>
        ((long)StepCosts.CanonicalValue * (value.End - value.Index)) + ((long)StepCosts.CanonicalByte * value.Raw.Length);

    // No recursion: however deep the value, the stack stays as it is.
    private bool TryAppendAll(in JsonValue root, SortedMembers members)
    {
        var around = new Stack<Container>();
        Container open = default;
        JsonValue value = root;
        while (true)
        {
            if (value.Kind is JsonKind.Array or JsonKind.Object)
            {
                around.Push(open);
                if (!TryOpen(value, members, out open))
                {
                    return false;
                }
            }
            else
            {
                AppendScalar(value);
            }

            while (open.Next == open.End)
            {
                if (open.Kind == JsonKind.None)
                {
                    return true;
                }

                Close(open, members);
                open = around.Pop();
            }

            value = root.At(Advance(ref open, root, members));
        }
    }

    private bool TryOpen(in JsonValue value, SortedMembers members, out Container open)
    {
        if (value.Kind == JsonKind.Array)
        {
            Append("["u8);
            open = new Container { Kind = JsonKind.Array, First = value.Index + 1, Next = value.Index + 1, End = value.End };
            return true;
        }

        Append("{"u8);
        int first = members.Count;
        open = new Container { Kind = JsonKind.Object, First = first, Next = first };
        int count = 0;
        int nameBytes = 0;
        foreach (JsonValue.Property property in value.EnumerateProperties())
        {
            count++;
            nameBytes += property.Name.Raw.Length;
        }

        if (!work.TrySpend(CostOfSorting(count, nameBytes)))
        {
            return false;
        }

        members.Push(value, count, nameBytes);
        open.End = members.Count;
        return true;
    }

    // A name is compared as often as the count can be halved, by blocks.
    private static long CostOfSorting(int count, int nameBytes) =>
        (long)BitOperations.Log2((uint)count) * ((StepCosts.SortedName * count) + (nameBytes / StepCosts.BlockBytes));

    private void Close(in Container open, SortedMembers members)
    {
        if (open.Kind == JsonKind.Array)
        {
            Append("]"u8);
            return;
        }

        Append("}"u8);
        members.Pop(open.First);
    }

    /// <summary>Writes what stands before the next value, and returns the value's token.</summary>
    private int Advance(ref Container open, in JsonValue root, SortedMembers members)
    {
        if (open.Next > open.First)
        {
            Append(","u8);
        }

        int value = open.Next;
        if (open.Kind == JsonKind.Array)
        {
            open.Next = root.At(value).End;
            return value;
        }

        int name = members[open.Next++];
        AppendExact(root.At(name).String);
        Append(":"u8);
        return name + 1;
    }

    private void AppendScalar(in JsonValue value)
    {
        switch (value.Kind)
        {
            case JsonKind.String:
                AppendExact(value.String);
                break;
            case JsonKind.Number:
                AppendExact(value.Number);
                break;
            default:
                Append(value.Raw);
                break;
        }
    }

    private void AppendExact(in JsonNumber number)
    {
        long most = CanonicalNumber.MaxLengthOf(number);
        buffer.Advance(CanonicalNumber.WriteExact(number, Reserve(most)));
    }

    private void AppendExact(JsonString text)
    {
        Append("\""u8);
        ReadOnlySpan<byte> raw = text.Raw;
        while (!raw.IsEmpty)
        {
            // What isn't escaped needn't be: controls, quotes and backslashes can't stand there.
            int run = text.HasEscapes && raw.IndexOf((byte)'\\') is >= 0 and var escape ? escape : raw.Length;
            Append(raw[..run]);
            raw = raw[run..];
            if (!raw.IsEmpty)
            {
                raw = raw[JsonString.DecodeEscape(raw, out Rune character)..];
                AppendCharacter(character);
            }
        }

        Append("\""u8);
    }

    /// <summary>An array or object that is being written.</summary>
    private struct Container
    {
        /// <summary>None: the value that all is in is written.</summary>
        public JsonKind Kind;

        /// <summary>In an array the tokens of elements, in an object the places of members among the sorted ones.</summary>
        public int First;
        public int Next;
        public int End;
    }
}
