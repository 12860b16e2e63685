using System.Text;
using Spectre.Console.Rendering;

namespace PolicyLayer.Cli.Output;

/// <summary>The columns that a text takes on a terminal.</summary>
internal static class TextColumns
{
    public static int Of(string text) => Ascii.IsValid(text) ? text.Length : new Segment(text).CellCount();
}
