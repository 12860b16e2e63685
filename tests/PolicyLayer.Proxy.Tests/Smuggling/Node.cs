using System.Buffers;
using System.Text;
using System.Text.Json;

namespace PolicyLayer.Tests.Proxy.Smuggling;

/// <summary>JSON as it is written: members in their order and as often as they stand there. Exactly one of its parts isn't null.</summary>
internal sealed record Node(List<(string Name, Node Value)>? Members, List<Node>? Items, string? Text, string? Raw)
{
    public static Node Object(params (string Name, Node Value)[] members) => new([.. members], null, null, null);

    public static Node Array(params Node[] items) => new(null, [.. items], null, null);

    public static Node String(string text) => new(null, null, text, null);

    public static Node Of(string raw) => new(null, null, null, raw);

    public static Node Parse(string json) => TryParse(Encoding.UTF8.GetBytes(json))!;

    /// <summary>Reads one value with the framework's reader; null where it refuses.</summary>
    public static Node? TryParse(ReadOnlySpan<byte> utf8)
    {
        try
        {
            var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = 1000 });
            reader.Read();
            Node node = Read(ref reader);
            return reader.Read() ? null : node;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>One text for all that mean the same; numbers as they are written.</summary>
    public string Canonical()
    {
        if (Members is not null)
        {
            IEnumerable<string> members = Members.OrderBy(member => member.Name, StringComparer.Ordinal)
                .Select(member => $"{JsonSerializer.Serialize(member.Name)}:{member.Value.Canonical()}");
            return $"{{{string.Join(',', members)}}}";
        }

        return Items is not null
            ? $"[{string.Join(',', Items.Select(item => item.Canonical()))}]"
            : Raw ?? JsonSerializer.Serialize(Text);
    }

    public Node Copy() => Members is not null
        ? new Node([.. Members.Select(member => (member.Name, member.Value.Copy()))], null, null, null)
        : Items is not null ? new Node(null, [.. Items.Select(item => item.Copy())], null, null) : this;

    private static Node Read(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                List<(string, Node)> members = [];
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    string name = reader.GetString()!;
                    reader.Read();
                    members.Add((name, Read(ref reader)));
                }

                return new Node(members, null, null, null);
            case JsonTokenType.StartArray:
                List<Node> items = [];
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    items.Add(Read(ref reader));
                }

                return new Node(null, items, null, null);
            case JsonTokenType.String:
                return String(reader.GetString()!);
            default:
                return Of(Encoding.UTF8.GetString(reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan));
        }
    }
}
