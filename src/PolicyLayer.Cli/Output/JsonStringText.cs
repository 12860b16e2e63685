using System.Globalization;
using System.Text;
using System.Text.Json;

namespace PolicyLayer.Cli.Output;

/// <summary>What a string of a JSON text says, halves of surrogate pairs included: the reader's own text has none of them.</summary>
internal static class JsonStringText
{
    /// <param name="reader">A reader of a whole text that stands on a string or a member's name.</param>
    public static string Of(in Utf8JsonReader reader)
    {
        string text = Encoding.UTF8.GetString(reader.ValueSpan);
        if (!reader.ValueIsEscaped)
        {
            return text;
        }

        var unescaped = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                unescaped.Append(text[i]);
                continue;
            }

            i++;
            unescaped.Append(text[i] switch
            {
                'b' => '\b',
                'f' => '\f',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'u' => (char)ushort.Parse(text.AsSpan(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
                char itself => itself,
            });
            i += text[i] == 'u' ? 4 : 0;
        }

        return unescaped.ToString();
    }
}
