using System.Globalization;
using System.Text;
using PolicyLayer.Documents;
using PolicyLayer.Json;

namespace PolicyLayer.Compilation.Schemas;

/// <summary>Follows the fragment of a reference.</summary>
internal static class SchemaPointer
{
    /// <summary>The token that a JSON Pointer leads to; null for none.</summary>
    public static int? Find(SyntaxNode root, string pointer)
    {
        SyntaxNode current = root;
        foreach (string part in pointer.Split('/').Skip(1))
        {
            if (Unescape(part) is not { } step || Step(current, step) is not { } next)
            {
                return null;
            }

            current = next;
        }

        return current.Index;
    }

    /// <summary>The text with its <c>%XX</c> read as UTF-8; null when they aren't well-formed.</summary>
    public static string? DecodePercent(string text)
    {
        byte[] encoded = Encoding.UTF8.GetBytes(text);
        var decoded = new List<byte>(encoded.Length);
        for (int i = 0; i < encoded.Length; i++)
        {
            if (encoded[i] != '%')
            {
                decoded.Add(encoded[i]);
            }
            else if (i + 2 < encoded.Length
                && byte.TryParse(encoded.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte value))
            {
                decoded.Add(value);
                i += 2;
            }
            else
            {
                return null;
            }
        }

        byte[] bytes = [.. decoded];
        return System.Text.Unicode.Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : null;
    }

    private static string? Unescape(string part)
    {
        for (int tilde = part.IndexOf('~', StringComparison.Ordinal); tilde >= 0; tilde = part.IndexOf('~', tilde + 1))
        {
            if (tilde + 1 == part.Length || part[tilde + 1] is not ('0' or '1'))
            {
                return null;
            }
        }

        return part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
    }

    private static SyntaxNode? Step(SyntaxNode node, string step)
    {
        foreach (SyntaxMember member in node.Members)
        {
            if (member.Name.GetString() == step)
            {
                return member.Value;
            }
        }

        int index = 0;
        foreach (SyntaxNode element in node.Elements)
        {
            if (step == index.ToString(CultureInfo.InvariantCulture))
            {
                return element;
            }

            index++;
        }

        return null;
    }
}
