using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace PolicyLayer.Tests.Differential;

/// <summary><c>url_in</c>, by the policy's description.</summary>
internal static class NaiveUrls
{
    // No regex here sets case aside by an option: U+212A would be a k.
    private const string Scheme = "(?<scheme>[Hh][Tt][Tt][Pp][Ss]?|[Ww][Ss][Ss]?)://";
    private const string HostAndPort = @"(?<host>\[[0-9A-Fa-f:]+\]|[A-Za-z0-9.-]+)(?::(?<port>[1-9][0-9]{0,4}))?";
    private const string Label = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";

    private static readonly Regex Url = new($@"\A{Scheme}{HostAndPort}(?<path>[^?#]*)");
    private static readonly Regex Pattern = new($@"\A(?:{Scheme})?(?<below>\*\.)?{HostAndPort}(?<path>(?:/.*)?)\z");

    private static readonly Regex Path = new(@"\A(?:/[A-Za-z0-9\-._~!$&'()*+,=:@]+)*/?\z");

    public static bool IsPattern(string pattern)
    {
        Match match = Pattern.Match(pattern);
        bool isBelow = match.Groups["below"].Success;
        return match.Success
            && IsHost(match.Groups["host"].Value)
            && !(isBelow && AddressOf(match.Groups["host"].Value) is not null)
            && IsPort(match.Groups["port"].Value)
            && IsPath(match.Groups["path"].Value)
            && !match.Groups["path"].Value.Contains('*');
    }

    public static Truth Judge(string text, IReadOnlyList<string> patterns)
    {
        Match url = Url.Match(text);
        string authority = text.Split("://", 2)[^1].Split('/')[0];
        bool isRead = url.Success
            && !text.Any(c => c == '\\' || char.IsControl(c) || char.IsWhiteSpace(c))
            && !authority.Contains('@')
            && url.Groups["path"].Value is "" or ['/', ..]
            && IsHost(url.Groups["host"].Value)
            && IsPort(url.Groups["port"].Value);
        return isRead ? TruthTable.Any(patterns.Select(pattern => Judge(url, Pattern.Match(pattern)))) : Truth.Unjudgeable;
    }

    private static Truth Judge(Match url, Match pattern)
    {
        string scheme = url.Groups["scheme"].Value.ToLowerInvariant();
        string? named = pattern.Groups["scheme"].Success ? pattern.Groups["scheme"].Value.ToLowerInvariant() : null;
        if (named is not null && named != scheme)
        {
            return Truth.False;
        }

        Truth isScheme = scheme == (named ?? "https") ? Truth.True : Truth.Unjudgeable;
        Truth isHost = IsListed(url.Groups["host"].Value, pattern.Groups["host"].Value, pattern.Groups["below"].Success);
        Truth isPort = TruthTable.Of(IsPortOf(url.Groups["port"].Value, scheme, pattern.Groups["port"].Value, named));
        Truth here = TruthTable.All([isScheme, isHost, isPort]);
        return here == Truth.False ? here : TruthTable.All([here, LiesIn(url.Groups["path"].Value, pattern.Groups["path"].Value)]);
    }

    private static bool IsPortOf(string port, string scheme, string listed, string? named)
    {
        if (listed.Length == 0 || port == listed)
        {
            return true;
        }

        bool isOwn = listed == DefaultPort(scheme) || (named is null && listed == "443");
        return port.Length == 0 && isOwn;
    }

    private static string DefaultPort(string scheme) => scheme is "https" or "wss" ? "443" : "80";

    private static bool IsPort(string port) => port.Length == 0 || int.Parse(port, CultureInfo.InvariantCulture) <= 65535;

    private static bool IsPath(string path) =>
        path is "" or "/" || (Path.IsMatch(path) && !path.Split('/').Any(step => step.Length > 0 && step.All(c => c == '.')));

    private static bool IsHost(string host)
    {
        if (host[0] == '[')
        {
            return AddressOf(host) is not null;
        }

        string name = host.EndsWith('.') ? host[..^1] : host;
        bool isNumber = Regex.IsMatch(name, @"(?:\A|\.)(?:[0-9]+|0[xX][^.]*)\z");
        return isNumber
            ? AddressOf(host) is not null
            : name.Length <= 253 && Regex.IsMatch(name, $@"\A{Label}(?:\.{Label})*\z");
    }

    /// <summary>The bytes of an address literal; null of a name.</summary>
    private static byte[]? AddressOf(string host)
    {
        bool isFour = Regex.IsMatch(host, @"\A(?:(?:0|[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5])(?:\.(?!\z)|\z)){4}\z");
        bool isSix = host[0] == '[' && IsSix(host[1..^1]);
        return isFour || isSix ? IPAddress.Parse(isSix ? host[1..^1] : host).GetAddressBytes() : null;
    }

    private static bool IsSix(string text)
    {
        string[] halves = text.Split("::");
        List<string> groups = [.. halves.Where(half => half.Length > 0).SelectMany(half => half.Split(':'))];
        return groups.TrueForAll(group => Regex.IsMatch(group, @"\A[0-9a-fA-F]{1,4}\z"))
            && (halves.Length == 1 ? groups.Count == 8 : halves.Length == 2 && groups.Count < 8);
    }

    private static Truth IsListed(string host, string listed, bool isBelow)
    {
        byte[]? address = AddressOf(host), listedAddress = AddressOf(listed);
        if (address is not null || listedAddress is not null)
        {
            return address is null || listedAddress is null ? Truth.False : AreSame(address, listedAddress);
        }

        string[] labels = Labels(host), listedLabels = Labels(listed);
        bool isLong = isBelow ? labels.Length > listedLabels.Length : labels.Length == listedLabels.Length;
        if (!isLong)
        {
            return Truth.False;
        }

        string[] end = labels[^listedLabels.Length..];
        bool isMatch = end.SequenceEqual(listedLabels);
        if (isMatch && !(isBelow && labels[..^listedLabels.Length].Any(IsCoded)))
        {
            return Truth.True;
        }

        // A label of punycode that encodes nothing stands for the rest of it, to who doesn't check that.
        return end.Zip(listedLabels).All(pair => pair.First == pair.Second || pair.First == $"xn--{pair.Second}-")
            ? Truth.Unjudgeable
            : Truth.False;
    }

    private static string[] Labels(string host) => host.ToLowerInvariant().TrimEnd('.').Split('.');

    private static bool IsCoded(string label) => label.StartsWith("xn--", StringComparison.Ordinal);

    private static Truth AreSame(byte[] a, byte[] b)
    {
        if (a.SequenceEqual(b))
        {
            return Truth.True;
        }

        bool isInside = a.Length != b.Length && a.TakeLast(4).SequenceEqual(b.TakeLast(4));

        // Kernels take the address of zeros for the machine itself, whatever its addresses are.
        return isInside || IsUnspecified(a) || IsUnspecified(b) ? Truth.Unjudgeable : Truth.False;
    }

    private static bool IsUnspecified(byte[] address) => address.TakeLast(4).All(b => b == 0);

    private static Truth LiesIn(string path, string listed)
    {
        if (listed is "" or "/")
        {
            return Truth.True;
        }

        if (!IsPath(path))
        {
            return Truth.Unjudgeable;
        }

        string directory = listed.TrimEnd('/') + "/";
        return (path + "/").StartsWith(directory, StringComparison.Ordinal) ? Truth.True
            : (path + "/").StartsWith(directory, StringComparison.OrdinalIgnoreCase) ? Truth.Unjudgeable
            : Truth.False;
    }
}
