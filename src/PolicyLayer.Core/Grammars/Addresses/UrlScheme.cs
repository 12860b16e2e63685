namespace PolicyLayer.Grammars.Addresses;

/// <summary>The schemes of URLs that a policy can speak of.</summary>
internal enum UrlScheme : byte
{
    /// <summary>A pattern that names none: <c>https</c>.</summary>
    Unnamed,
    Http,
    Https,
    Ws,
    Wss,
}
