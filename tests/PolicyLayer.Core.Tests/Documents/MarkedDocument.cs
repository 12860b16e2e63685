using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace PolicyLayer.Tests.Documents;

/// <summary>
/// A document in which places are marked: <c>⟦'here'⟧</c> where there is one, <c>⟦1:'here'⟧</c> and <c>⟦2:'there'⟧</c> where there are
/// several. A mark's place is its start, in lines and UTF-16 columns from 1, as if no mark were in the text.
/// </summary>
internal sealed record MarkedDocument(string Text, IReadOnlyDictionary<int, (int Line, int Column)> Marks)
{
    /// <summary>A mark's place as findings are printed: line, colon, column. 0 stands for the only mark.</summary>
    public string PlaceOf(int mark = 0) =>
        string.Create(CultureInfo.InvariantCulture, $"{Marks[mark].Line}:{Marks[mark].Column}");

    public static MarkedDocument Parse(string marked)
    {
        var text = new StringBuilder();
        var marks = new Dictionary<int, (int, int)>();
        int line = 1;
        int lineStart = 0;
        int open = 0;
        foreach (Match part in Regex.Matches(marked, @"⟦(?:(\d+):)?|⟧|[^⟦⟧]", RegexOptions.Singleline))
        {
            switch (part.Value[0])
            {
                case '⟦':
                    int number = part.Groups[1].Success ? int.Parse(part.Groups[1].Value, CultureInfo.InvariantCulture) : 0;
                    marks.Add(number, (line, text.Length - lineStart + 1));
                    open++;
                    break;
                case '⟧':
                    open--;
                    break;
                default:
                    text.Append(part.Value);
                    if (part.Value == "\n")
                    {
                        line++;
                        lineStart = text.Length;
                    }

                    break;
            }
        }

        Assert.Equal(0, open);
        return new MarkedDocument(text.ToString(), marks);
    }
}
