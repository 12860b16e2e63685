using System.Text;
using PolicyLayer.Regexes;

namespace PolicyLayer.Tests.Regexes;

internal static class RegexTexts
{
    public static bool IsMatch(this LinearRegex regex, string text) => regex.IsMatch(Encoding.UTF8.GetBytes(text));
}
