using System.Globalization;
using System.Text;

namespace PolicyLayer.Tests.Proxy.Smuggling;

/// <summary>Damages valid messages: in what they say, in how it is written, and in their bytes.</summary>
internal sealed class Damage(Random random, string[] names, string[] values)
{
    private static readonly string[] Inserted =
        [
            "\r", "\n", "\r\n", "\0", "\uFEFF", "\u2028", " ", "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u0000",
            "//", "/*", "*/", "\u017F", "\\uD800", "\\uDC00", "\\uDFFF\\uD83D",
        ];

    private static readonly string[] Separators = ["", "\n", "\r", "\r\n", " ", ",", "\0", "\u2028"];

    /// <summary>A message with so much damage.</summary>
    public byte[] Apply(Node message, Node other)
    {
        Node node = message.Copy();
        for (int i = random.Next(4); i > 0; i--)
        {
            node = Distort(node, other);
        }

        string text = Write(node);
        if (random.Next(10) == 0)
        {
            text += Pick(Separators) + Write(other);
        }

        byte[] bytes = Encoding.UTF8.GetBytes(text);
        for (int i = random.Next(3) == 0 ? random.Next(1, 4) : 0; i > 0; i--)
        {
            bytes = Corrupt(bytes);
        }

        return bytes;
    }

    /// <summary>A message in a spelling of its own.</summary>
    public string Write(Node node, bool isLine = false)
    {
        var text = new StringBuilder();
        int spaces = random.Next(3) == 0 ? 6 : 0;
        int escapes = random.Next(3) == 0 ? 8 : 0;
        Write(node, text, spaces, escapes, isLine ? [" ", "\t", "  "] : [" ", "\t", "\r", "\n", "\r\n", "  "]);
        return text.ToString();
    }

    private Node Distort(Node node, Node other)
    {
        List<Node> objects = [.. Objects(node)];
        if (objects.Count == 0 || random.Next(20) == 0)
        {
            return random.Next(3) switch
            {
                0 => Node.Array(node),
                1 => Node.Array(node, other.Copy()),
                _ => Node.Object((Pick(names), node)),
            };
        }

        List<(string Name, Node Value)> members = objects[random.Next(objects.Count)].Members!;
        int place = random.Next(members.Count + 1);
        if (members.Count == 0)
        {
            members.Add((Pick(names), Value()));
            return node;
        }

        int at = random.Next(members.Count);
        (string name, Node value) = members[at];
        switch (random.Next(12))
        {
            case 0: members.Insert(place, (name, Value())); break;
            case 1: members.Insert(place, (Variant(name), Value())); break;
            case 2: members[at] = (Variant(name), value); break;
            case 3: members.RemoveAt(at); break;
            case 4: members[at] = (name, Value()); break;
            case 5: members.Insert(place, (Pick(names), Value())); break;
            case 6: members[at] = (name, Node.Array(value)); break;
            case 7: members.Insert(place, (Pick(names), other.Copy())); break;
            case 8: members[at] = (name, Node.Object((Pick(names), value))); break;
            case 9: Move(members, at, objects[random.Next(objects.Count)].Members!); break;
            case 10: members[at] = (name, Altered(value)); break;
            default: members.Insert(place, (name, value.Copy())); break;
        }

        return node;
    }

    private void Move(List<(string Name, Node Value)> from, int at, List<(string Name, Node Value)> to)
    {
        // Not into itself.
        if (from[at].Value.Members is null && from[at].Value.Items is null)
        {
            (string Name, Node Value) member = from[at];
            from.RemoveAt(at);
            to.Insert(random.Next(to.Count + 1), member);
        }
    }

    private Node Altered(Node value) => value.Text is { } text ? Node.String(Variant(text)) : Value();

    private Node Value() => Node.Parse(Pick(values));

    private string Variant(string text)
    {
        int at = random.Next(text.Length + 1);
        return random.Next(7) switch
        {
            0 => text.ToUpperInvariant(),
            1 => CultureInfo.InvariantCulture.TextInfo.ToTitleCase(text),
            2 => text.Replace('s', '\u017F').Replace('k', '\u212A'),
            3 => text + "\0" + (random.Next(2) == 0 ? "" : "x"),
            4 => " " + text,
            5 => text.Insert(at, Pick(["\u200B", "\r", "\n", " ", "\u00A0", "\u2028", "\uD800", "\uDC00"])),
            _ => text + "\n",
        };
    }

    private byte[] Corrupt(byte[] bytes)
    {
        int at = random.Next(bytes.Length + 1);
        int length = Math.Min(random.Next(1, 12), bytes.Length - at);
        int to = random.Next(bytes.Length + 1);
        return random.Next(5) switch
        {
            0 when length > 0 => [.. bytes[..at], (byte)(bytes[at] ^ (1 << random.Next(8))), .. bytes[(at + 1)..]],
            1 => [.. bytes[..at], .. bytes[(at + length)..]],
            2 => [.. bytes[..to], .. bytes[at..(at + length)], .. bytes[to..]],
            3 => [.. bytes[..at], (byte)random.Next(256), .. bytes[at..]],
            _ => [.. bytes[..at], .. Encoding.UTF8.GetBytes(Pick(Inserted)), .. bytes[at..]],
        };
    }

    private void Write(Node node, StringBuilder text, int spaces, int escapes, string[] blanks)
    {
        Space();
        if (node.Members is { } members)
        {
            text.Append('{');
            for (int i = 0; i < members.Count; i++)
            {
                text.Append(i == 0 ? "" : ",");
                Write(Node.String(members[i].Name), text, spaces, escapes, blanks);
                text.Append(':');
                Write(members[i].Value, text, spaces, escapes, blanks);
            }

            text.Append('}');
        }
        else if (node.Items is { } items)
        {
            text.Append('[');
            for (int i = 0; i < items.Count; i++)
            {
                text.Append(i == 0 ? "" : ",");
                Write(items[i], text, spaces, escapes, blanks);
            }

            text.Append(']');
        }
        else if (node.Raw is { } raw)
        {
            text.Append(raw);
        }
        else
        {
            WriteString(node.Text!, text, escapes);
        }

        Space();

        void Space() => text.Append(spaces > 0 && random.Next(spaces) == 0 ? Pick(blanks) : "");
    }

    private void WriteString(string value, StringBuilder text, int escapes)
    {
        text.Append('"');
        foreach (char c in value)
        {
            // A surrogate alone is no character that UTF-8 has.
            bool isEscaped = c is '"' or '\\' or < ' ' || char.IsSurrogate(c) || (escapes > 0 && random.Next(escapes) == 0);
            text.Append(isEscaped ? $"\\u{(int)c:X4}" : c);
        }

        text.Append('"');
    }

    private static IEnumerable<Node> Objects(Node node)
    {
        IEnumerable<Node> children = node.Members?.Select(member => member.Value) ?? node.Items ?? [];
        return (node.Members is null ? Enumerable.Empty<Node>() : [node]).Concat(children.SelectMany(Objects));
    }

    private string Pick(string[] from) => from[random.Next(from.Length)];
}
