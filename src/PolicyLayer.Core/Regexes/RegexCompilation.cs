using System.Diagnostics.CodeAnalysis;

namespace PolicyLayer.Regexes;

/// <summary>The outcome of compiling one pattern: a regex, or the first reason why there is none.</summary>
internal sealed class RegexCompilation
{
    public RegexCompilation(LinearRegex regex, bool isAnchored) => (Regex, IsAnchored) = (regex, isAnchored);

    public RegexCompilation(RegexError error) => Error = error;

    public LinearRegex? Regex { get; }

    public RegexError? Error { get; }

    /// <summary>Whether every alternative of the regex begins and ends where the text does.</summary>
    public bool IsAnchored { get; }

    [MemberNotNullWhen(true, nameof(Regex))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsValid => Regex is not null;
}
