using System.Text.RegularExpressions;

namespace PolicyLayer.Tests.Regexes;

/// <summary>
/// What a pattern means, written for the framework's engine over an alphabet of few code points: each is a unit of its own there, and each
/// set its members by name, so that neither engine's reading of classes, case or surrogates plays a part.
/// <para>
/// Loops whose part can be empty are left out: the framework ends them at an empty iteration, and then doesn't find
/// <c>](?:(?:(?:|[])+.)+|){1,3}</c> in <c>]</c> (.NET 10).
/// </para>
/// </summary>
internal sealed class FrameworkRegex
{
    private const char First = '\uE000';

    private static readonly int[] Alphabet = RandomRegex.Alphabet;
    private static readonly string Newline = Members(c => c == '\n');
    private static readonly string Word = Members(NaiveRegex.IsWordCharacter);

    private readonly Regex? _regex;

    public FrameworkRegex(NaiveRegex meaning) =>
        _regex = HasLoopOfEmpty(meaning) ? null : new Regex(Write(meaning), RegexOptions.CultureInvariant, TimeSpan.FromMilliseconds(100));

    /// <summary>Whether the pattern is found; null where the framework takes too long, or isn't asked.</summary>
    public bool? IsFound(int[] input)
    {
        try
        {
            return _regex?.IsMatch(string.Concat(input.Select(c => (char)(First + Array.IndexOf(Alphabet, c)))));
        }
        catch (RegexMatchTimeoutException)
        {
            return null;
        }
    }

    private static bool HasLoopOfEmpty(NaiveRegex meaning) => meaning switch
    {
        NaiveRegex.Sequence sequence => sequence.Parts.Any(HasLoopOfEmpty),
        NaiveRegex.Alternatives alternatives => alternatives.Parts.Any(HasLoopOfEmpty),
        NaiveRegex.Repeated repeated => CanBeEmpty(repeated.Part) || HasLoopOfEmpty(repeated.Part),
        _ => false,
    };

    private static bool CanBeEmpty(NaiveRegex meaning) => meaning switch
    {
        NaiveRegex.Sequence sequence => sequence.Parts.All(CanBeEmpty),
        NaiveRegex.Alternatives alternatives => alternatives.Parts.Any(CanBeEmpty),
        NaiveRegex.Repeated repeated => repeated.Min == 0 || CanBeEmpty(repeated.Part),
        _ => meaning is NaiveRegex.Assertion,
    };

    private static string Write(NaiveRegex meaning) => meaning switch
    {
        NaiveRegex.Character character => Members(character.Contains),
        NaiveRegex.Sequence sequence => string.Concat(sequence.Parts.Select(Write)),
        NaiveRegex.Alternatives alternatives => $"(?:{string.Join('|', alternatives.Parts.Select(Write))})",
        NaiveRegex.Repeated repeated => $"(?:{Write(repeated.Part)}){{{repeated.Min},{repeated.Max}}}",
        _ => ((NaiveRegex.Assertion)meaning).Kind switch
        {
            NaiveAssertion.TextStart => @"\A",
            NaiveAssertion.TextEnd => @"\z",
            NaiveAssertion.LineStart => $@"(?:\A|(?<={Newline}))",
            NaiveAssertion.LineEnd => $@"(?:\z|(?={Newline}))",
            NaiveAssertion.Boundary => $"(?:(?<={Word})(?!{Word})|(?<!{Word})(?={Word}))",
            _ => $"(?:(?<={Word})(?={Word})|(?<!{Word})(?!{Word}))",
        },
    };

    private static string Members(Func<int, bool> contains)
    {
        var members = string.Concat(Enumerable.Range(0, Alphabet.Length).Where(i => contains(Alphabet[i])).Select(i => (char)(First + i)));
        return members.Length == 0 ? "(?!)" : $"[{members}]";
    }
}
