using System.Text;
using System.Text.Json;

namespace PolicyLayer.Cli.Grants;

/// <summary>
/// The text of a file of grants, edited in place: what isn't touched stays byte for byte, and what is added is spaced as its neighbours
/// are. INVARIANT: the text has no error, which its owner has made sure of.
/// </summary>
internal sealed class GrantsText(ReadOnlyMemory<byte> text)
{
    /// <summary>A file without a grant.</summary>
    public static GrantsText Empty { get; } = new("{\n  \"grants\": []\n}\n"u8.ToArray());

    public ReadOnlyMemory<byte> Text => text;

    private ReadOnlySpan<byte> Bytes => text.Span;

    private string NewLine => Bytes.IndexOf("\r\n"u8) < 0 ? "\n" : "\r\n";

    /// <summary>The text with one grant more, behind the others.</summary>
    public GrantsText Add(GrantEntry entry)
    {
        (List<Range> grants, int open, int close) = FindGrants();
        if (grants.Count > 0)
        {
            string gap = GapBefore(grants, open);
            return Insert(grants[^1].End.Value, "," + gap + TextOf(entry, gap));
        }

        string first = Bytes.Contains((byte)'\n') ? NewLine + "    " : "";
        string end = first.Length > 0 ? NewLine + "  " : "";
        return Replace((open + 1)..close, first + TextOf(entry, first) + end);
    }

    /// <summary>The text in which a member of a grant has a value, be it a new one.</summary>
    /// <param name="id">The grant's id; it is there.</param>
    /// <param name="name">The member.</param>
    /// <param name="value">The value's JSON.</param>
    public GrantsText Set(string id, string name, string value)
    {
        Range grant = FindGrants().Grants.First(grant => IdOf(FindMembers(grant)) == id);
        List<GrantMember> members = FindMembers(grant);
        if (members.Find(member => member.Text == name) is { } found)
        {
            return Replace(found.Value, value);
        }

        // As the last one is written: the space before its name, and the colon with what is around it.
        GrantMember last = members[^1];
        string gap = GapBefore([.. members.Select(member => member.Name.Start..member.Value.End)], grant.Start.Value);
        string colon = Encoding.UTF8.GetString(Bytes[last.Name.End.Value..last.Value.Start.Value]);
        return Insert(last.Value.End.Value, $",{gap}\"{name}\"{colon}{value}");
    }

    private string TextOf(GrantEntry entry, string gap)
    {
        int line = gap.LastIndexOf('\n');
        string json = Encoding.UTF8.GetString(entry.ToJson(isIndented: line >= 0));
        return json.Replace("\n", NewLine + gap[(line + 1)..], StringComparison.Ordinal);
    }

    /// <summary>The white space between the last of some things and the comma or bracket before it.</summary>
    private string GapBefore(List<Range> things, int open)
    {
        int start = open;
        if (things.Count > 1)
        {
            start = things[^2].End.Value;
            start += Bytes[start..].IndexOf((byte)',');
        }

        return Encoding.UTF8.GetString(Bytes[(start + 1)..things[^1].Start.Value]);
    }

    private string? IdOf(List<GrantMember> members) =>
        members.Find(member => member.Text == "id") is { } id ? JsonElement.Parse(Bytes[id.Value]).GetString() : null;

    private (List<Range> Grants, int Open, int Close) FindGrants()
    {
        int start = Bytes.StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
        var reader = new Utf8JsonReader(Bytes[start..]);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isList = reader.ValueTextEquals("grants"u8);
            reader.Read();
            if (!isList)
            {
                reader.Skip();
                continue;
            }

            var grants = new List<Range>();
            int open = start + (int)reader.TokenStartIndex;
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                int first = start + (int)reader.TokenStartIndex;
                reader.Skip();
                grants.Add(first..(start + (int)reader.BytesConsumed));
            }

            return (grants, open, start + (int)reader.TokenStartIndex);
        }

        throw new InvalidOperationException("The text has no grants.");
    }

    private List<GrantMember> FindMembers(Range grant)
    {
        var members = new List<GrantMember>();
        int start = grant.Start.Value;
        var reader = new Utf8JsonReader(Bytes[grant]);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string text = reader.GetString()!;
            int name = start + (int)reader.TokenStartIndex;

            // The reader has consumed the colon as well.
            int nameEnd = name + reader.ValueSpan.Length + 2;
            reader.Read();
            int value = start + (int)reader.TokenStartIndex;
            reader.Skip();
            members.Add(new GrantMember(text, name..nameEnd, value..(start + (int)reader.BytesConsumed)));
        }

        return members;
    }

    private GrantsText Insert(int at, string added) => Replace(at..at, added);

    private GrantsText Replace(Range old, string added) =>
        new((byte[])[.. Bytes[..old.Start.Value], .. Encoding.UTF8.GetBytes(added), .. Bytes[old.End.Value..]]);

    private sealed record GrantMember(string Text, Range Name, Range Value);
}
