using System.Globalization;
using System.Text;
using PolicyLayer.Json;

namespace PolicyLayer.Documents;

/// <summary>JSON Pointers (RFC 6901).</summary>
internal static class JsonPointer
{
    public static string Escape(string name) =>
        name.AsSpan().IndexOfAny('~', '/') < 0
            ? name
            : name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    /// <summary>The pointer of a token, found from the root down: only findings ask, so tokens needn't know their parents.</summary>
    public static string Of(SyntaxTree tree, int token)
    {
        var pointer = new StringBuilder();
        SyntaxNode current = tree.Root;
        while (current.Index != token)
        {
            SyntaxNode? next = current.Kind switch
            {
                JsonKind.Object => StepIntoObject(current, token, pointer),
                JsonKind.Array => StepIntoArray(current, token, pointer),
                _ => null,
            };
            if (next is not { } found)
            {
                break;
            }

            current = found;
        }

        return pointer.ToString();
    }

    private static SyntaxNode? StepIntoObject(SyntaxNode node, int token, StringBuilder pointer)
    {
        foreach (SyntaxMember member in node.Members)
        {
            if (token < member.Value.End)
            {
                pointer.Append('/').Append(Escape(member.Name.GetString()));
                return token == member.Name.Index ? null : member.Value;
            }
        }

        return null;
    }

    private static SyntaxNode? StepIntoArray(SyntaxNode node, int token, StringBuilder pointer)
    {
        int index = 0;
        foreach (SyntaxNode element in node.Elements)
        {
            if (token < element.End)
            {
                pointer.Append(CultureInfo.InvariantCulture, $"/{index}");
                return element;
            }

            index++;
        }

        return null;
    }
}
