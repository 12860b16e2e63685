using PolicyLayer.Compilation.Context;
using PolicyLayer.Documents;

namespace PolicyLayer.Compilation;

/// <summary>Reads <c>time_zone</c>: an IANA name in its exact case, whatever else the platform takes.</summary>
internal static class TimeZoneReader
{
    private const string Utc = "UTC";

    /// <summary>What stands among a platform's zones under no name of IANA's.</summary>
    private static readonly string[] NotIana = ["posix/", "right/", "posixrules", "localtime"];

    /// <summary>The zone; UTC where the document names none, or, reported, no zone.</summary>
    public static TimeZoneInfo Read(in ObjectReader document, CompilationContext context)
    {
        TimeZoneInfo zone = TimeZoneInfo.Utc;
        foreach ((_, SyntaxNode node) in document.Each("time_zone"))
        {
            if (context.ReadText(node) is not { } name)
            {
                continue;
            }

            if (Find(name) is { } found)
            {
                zone = found;
                continue;
            }

            context.Findings.Report(
                DiagnosticDescriptors.UnknownTimeZone,
                node,
                $"{node.Quote()} is no IANA time zone that this machine knows.",
                () => Suggest(name) ?? "write a name as in `Europe/Vienna`, upper and lower case as there; leave it out for UTC");
        }

        return zone;
    }

    /// <summary>The same name in its exact case, or null.</summary>
    private static string? Suggest(string name)
    {
        string? meant = TimeZoneInfo.GetSystemTimeZones().Select(zone => zone.Id).Append(Utc)
            .FirstOrDefault(id => id.Equals(name, StringComparison.OrdinalIgnoreCase) && Find(id) is not null);
        return meant is null ? null : $"did you mean `{meant}`?";
    }

    // The platform finds names that it found before in any case, so that what it found must have the very name.
    private static TimeZoneInfo? Find(string name)
    {
        if (name == Utc)
        {
            return TimeZoneInfo.Utc;
        }

        return IsIanaLike(name)
            && !TimeZoneInfo.TryConvertWindowsIdToIanaId(name, out _)
            && TimeZoneInfo.TryFindSystemTimeZoneById(name, out TimeZoneInfo? zone)
            && zone.Id == name
                ? zone
                : null;
    }

    private static bool IsIanaLike(string name) =>
        name.Split('/').All(part => part.Length > 0 && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '+'))
        && !Array.Exists(NotIana, other => name.StartsWith(other, StringComparison.Ordinal));
}
