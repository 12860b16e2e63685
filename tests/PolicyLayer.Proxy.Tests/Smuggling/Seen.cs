using System.Text;

namespace PolicyLayer.Tests.Proxy.Smuggling;

/// <summary>What a panel of readers, each lenient in its way, sees in the bytes that were passed on.</summary>
internal static class Seen
{
    private delegate Node? Reader(Node parent, string name);

    private static readonly Reader[] Readers =
    [
        (parent, name) => parent.Members?.LastOrDefault(member => member.Name == name).Value,
        (parent, name) => parent.Members?.FirstOrDefault(member => member.Name == name).Value,
        (parent, name) => parent.Members?.LastOrDefault(member => IsLike(member.Name, name)).Value,
        (parent, name) => parent.Members?.FirstOrDefault(member => IsLike(member.Name, name)).Value,
    ];

    /// <summary>The calls that any of them sees: the tool's name and arguments in canonical form.</summary>
    public static IEnumerable<(string? Tool, string? Arguments)> Calls(ReadOnlyMemory<byte> text, bool isLine)
    {
        foreach ((Node message, Reader read) in Messages(text, isLine))
        {
            if (read(message, "method") is { Text: { } method } && IsLike(method, "tools/call"))
            {
                Node parameters = read(message, "params") ?? Node.Object();
                yield return (read(parameters, "name")?.Text, read(parameters, "arguments")?.Canonical());
            }
        }
    }

    /// <summary>The names of listed tools that any of them sees.</summary>
    public static IEnumerable<string> Tools(ReadOnlyMemory<byte> text) =>
        from seen in Messages(text, isLine: true)
        let result = seen.Read(seen.Message, "result")
        where result is not null
        from tool in seen.Read(result, "tools")?.Items ?? []
        let name = seen.Read(tool, "name")?.Text
        where name is not null
        select UntilNul(name);

    private static IEnumerable<(Node Message, Reader Read)> Messages(ReadOnlyMemory<byte> text, bool isLine)
    {
        IEnumerable<string> pieces = isLine ? Encoding.UTF8.GetString(text.Span).Split('\r', '\n', '\u2028', '\u2029') : [];
        foreach (string piece in pieces.Append(Encoding.UTF8.GetString(text.Span)))
        {
            if (Node.TryParse(Encoding.UTF8.GetBytes(piece)) is { } node)
            {
                foreach (Reader reader in Readers)
                {
                    foreach (Node message in node.Items ?? [node])
                    {
                        yield return (message, reader);
                    }
                }
            }
        }
    }

    // As C takes it.
    private static string UntilNul(string text)
    {
        int end = text.IndexOf('\0', StringComparison.Ordinal);
        return end < 0 ? text : text[..end];
    }

    private static bool IsLike(string text, string name)
    {
        string bare = UntilNul(text).Trim().Replace('\u017F', 's').Replace('\u212A', 'k');
        return string.Equals(bare, name, StringComparison.OrdinalIgnoreCase);
    }
}
