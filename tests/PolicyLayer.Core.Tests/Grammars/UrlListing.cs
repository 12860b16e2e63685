using System.Net;

namespace PolicyLayer.Tests.Grammars;

/// <summary>A pattern of <c>url_in</c> in its parts, and what a reader may make of it.</summary>
internal sealed record UrlListing(string Pattern, string? Scheme, string Host, int? Port, string Directory)
{
    /// <summary>Whether a reading is what the pattern lists.</summary>
    public bool Lists(UrlReading? reading) =>
        reading is not null
        && reading.Scheme == (Scheme ?? "https")
        && IsHost(reading.Host)
        && (Port is null || Port == reading.Port)
        && (reading.Path + "/").StartsWith(Directory, StringComparison.Ordinal);

    /// <summary>Whether a reading may be meant: by another scheme where none is named, by another spelling of the path.</summary>
    public bool MayMean(UrlReading? reading) =>
        reading is not null
        && (Scheme is null || reading.Scheme == Scheme)
        && (IsHost(reading.Host) || (IPAddress.TryParse(reading.Host, out IPAddress? address) && IsHost(address.MapToIPv4().ToString())))
        && (Port is null || Port == reading.Port)
        && (Plain(reading.Path) + "/").StartsWith(Directory, StringComparison.OrdinalIgnoreCase);

    private bool IsHost(string host) => Host.StartsWith("*.", StringComparison.Ordinal)
        ? host.EndsWith(Host[1..], StringComparison.Ordinal) && host.Length >= Host.Length
        : host == UrlReading.Canonical(Host);

    /// <summary>A path as lenient servers read it: unescaped, without parameters and empty steps.</summary>
    private static string Plain(string path)
    {
        IEnumerable<string> steps = Uri.UnescapeDataString(path).Replace('\\', '/').Split('/').Select(step => step.Split(';')[0]);
        return "/" + string.Join('/', steps.Where(step => step.Length > 0 && step != "."));
    }
}
