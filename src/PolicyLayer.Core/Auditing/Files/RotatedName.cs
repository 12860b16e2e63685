using System.Globalization;

namespace PolicyLayer.Auditing.Files;

/// <summary>The names of rotated files: <c>NAME.000001</c>, and an extension behind.</summary>
internal static class RotatedName
{
    private const int Digits = 6;

    public static string Of(string name, int number) => string.Create(CultureInfo.InvariantCulture, $"{name}.{number:D6}");

    /// <summary>The number of a rotated file, and the log's name; null when the file isn't named as one.</summary>
    /// <param name="file">The file's name without its extension.</param>
    /// <param name="name">The log's name without its extension; the file's own where it isn't a rotated one.</param>
    public static int? NumberOf(string file, out string name)
    {
        int dot = file.LastIndexOf('.');
        ReadOnlySpan<char> digits = file.AsSpan(dot + 1);
        int number = 0;
        bool isRotated = dot >= 0
            && (digits.Length == Digits || (digits.Length > Digits && digits[0] != '0'))
            && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number)
            && number > 0;
        name = isRotated ? file[..dot] : file;
        return isRotated ? number : null;
    }
}
