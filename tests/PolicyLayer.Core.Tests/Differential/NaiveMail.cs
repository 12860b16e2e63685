using System.Text.RegularExpressions;

namespace PolicyLayer.Tests.Differential;

/// <summary><c>email_in</c>, by the policy's description.</summary>
internal static class NaiveMail
{
    private const string Local = @"(?=[^@]{1,64}@)(?!-)[A-Za-z0-9_+\-'=]+(?:\.[A-Za-z0-9_+\-'=]+)*";
    private const string Label = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
    private const string Domain = $@"(?:{Label}\.)*(?!(?:[0-9]+|0[xX][^.]*)\z){Label}";

    private static readonly Regex Address = new($@"\A{Local}@{Domain}\z");
    private static readonly Regex Pattern = new($@"\A(?:{Local}@|@|@\*\.){Domain}\z");

    public static bool IsPattern(string pattern) => Pattern.IsMatch(pattern);

    public static Truth Judge(string text, IReadOnlyList<string> patterns) =>
        Address.IsMatch(text) && text.Length <= 254 ? TruthTable.Any(patterns.Select(pattern => Judge(text, pattern))) : Truth.Unjudgeable;

    private static Truth Judge(string text, string pattern)
    {
        string[] address = text.Split('@'), listed = pattern.Split('@');
        string domain = address[1].ToLowerInvariant(), listedDomain = listed[1].ToLowerInvariant();
        bool isDomain = listedDomain.StartsWith('*')
            ? domain.EndsWith(listedDomain[1..], StringComparison.Ordinal)
            : domain == listedDomain;
        if (!isDomain || listed[0].Length == 0)
        {
            return TruthTable.Of(isDomain);
        }

        return address[0] == listed[0] ? Truth.True
            : Mailbox(address[0]) == Mailbox(listed[0]) ? Truth.Unjudgeable
            : Truth.False;
    }

    /// <summary>Whose it may be: without case, dots and what follows a plus.</summary>
    private static string Mailbox(string local) => local.ToLowerInvariant().Split('+')[0].Replace(".", "", StringComparison.Ordinal);
}
