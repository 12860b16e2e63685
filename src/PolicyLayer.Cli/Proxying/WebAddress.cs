using System.Net;

namespace PolicyLayer.Cli.Proxying;

/// <summary>Addresses of the web that a person names.</summary>
internal static class WebAddress
{
    /// <summary>Where to listen: an IP address or <c>localhost</c>; null where the text is no such address.</summary>
    public static Uri? ParseListen(string text) =>
        Parse(text) is { Query: "" } address && (address.Host == "localhost" || IPAddress.TryParse(address.Host.Trim('[', ']'), out _))
            ? address
            : null;

    /// <summary>Where a server is; null where the text is no such address.</summary>
    public static Uri? ParseUpstream(string text) => Parse(text);

    /// <summary>Whether a text is what browsers send as <c>Origin</c>.</summary>
    public static bool IsOrigin(string text) => Parse(text) is { } address && text == address.GetLeftPart(UriPartial.Authority);

    private static Uri? Parse(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? address)
        && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
        && address is { UserInfo: "", Fragment: "" }
            ? address
            : null;
}
