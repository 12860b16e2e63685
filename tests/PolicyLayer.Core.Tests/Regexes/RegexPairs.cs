using PolicyLayer.Tests.Differential;

namespace PolicyLayer.Tests.Regexes;

/// <summary>How many random pairs of a pattern and a text a test takes.</summary>
internal static class RegexPairs
{
    public static int Count(int usual, int @long) => GeneratedCases.Long ? @long : usual;
}
