using System.Net;

namespace PolicyLayer.Tests.Grammars;

/// <summary>Where a reader of URLs would go.</summary>
internal sealed record UrlReading(string Scheme, string Host, int Port, string Path)
{
    /// <summary>What <see cref="Uri"/> makes of a text; null if it refuses.</summary>
    public static UrlReading? ByUri(string text) => Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri.Host.Length > 0
        ? new UrlReading(uri.Scheme, Canonical(uri.Host), uri.Port, uri.AbsolutePath)
        : null;

    /// <summary>What Node made of it: <c>scheme host port path</c>; null if it refused.</summary>
    public static UrlReading? ByNode(string? answer)
    {
        if (answer?.Split(' ', 4) is not [string scheme, { Length: > 0 } host, string port, string path])
        {
            return null;
        }

        int usual = scheme is "http" or "ws" ? 80 : 443;
        return new UrlReading(scheme, Canonical(host), port.Length == 0 ? usual : int.Parse(port, null), path);
    }

    /// <summary>A host without what doesn't count: case, one final dot, the spelling of an address.</summary>
    public static string Canonical(string host)
    {
        string name = (host.EndsWith('.') ? host[..^1] : host).ToLowerInvariant();
        return IPAddress.TryParse(name, out IPAddress? address) && (name.Contains(':') || name.Count(c => c == '.') == 3)
            ? address.ToString()
            : name;
    }
}

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

    /// <summary>Whether a reading could be meant by it: under another scheme where none is named, in another spelling of the path.</summary>
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
