using System.Text;

namespace PolicyLayer.Cli.Output;

/// <summary>
/// Tells of text in letters that are written from right to left: a terminal may show it, and what stands beside, in another order.
/// </summary>
internal static class RightToLeft
{
    /// <summary>What is said behind a text: nothing where all of it goes from left to right.</summary>
    public static string NoteOf(string text)
    {
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (IsRightToLeft(rune.Value))
            {
                return " (has right-to-left text)";
            }
        }

        return "";
    }

    // The blocks that Unicode keeps for such scripts.
    private static bool IsRightToLeft(int code) =>
        code is (>= 0x0590 and <= 0x08FF) or (>= 0xFB1D and <= 0xFDFF) or (>= 0xFE70 and <= 0xFEFE)
            or (>= 0x10800 and <= 0x10FFF) or (>= 0x1E800 and <= 0x1EFFF);
}
