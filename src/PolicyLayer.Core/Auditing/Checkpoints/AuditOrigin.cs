using System.Buffers;

namespace PolicyLayer.Auditing.Checkpoints;

/// <summary>What a log is called in its checkpoints, and the key in their signatures.</summary>
internal static class AuditOrigin
{
    public const int MaxLength = 255;

    public const string Rule = "1 to 255 letters and digits of ASCII, `.`, `_`, `/` and `-`";

    // Notes separate by white space and line ends; verifiers elsewhere take the name for a pattern.
    private static readonly SearchValues<char> Characters =
        SearchValues.Create("-./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz");

    public static bool IsValid(ReadOnlySpan<char> origin) =>
        origin.Length is > 0 and <= MaxLength && !origin.ContainsAnyExcept(Characters);

    /// <exception cref="ArgumentException">It is none.</exception>
    public static void Require(string? origin, string parameter)
    {
        if (origin is null || !IsValid(origin))
        {
            throw new ArgumentException($"An origin has {Rule}.", parameter);
        }
    }
}
