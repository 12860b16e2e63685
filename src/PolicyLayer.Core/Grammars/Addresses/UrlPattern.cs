namespace PolicyLayer.Grammars.Addresses;

/// <summary>What a policy lists: <c>[scheme://]host[:port][/path/]</c>, the host a name, <c>*.name</c> or an address.</summary>
internal readonly ref struct UrlPattern
{
    private readonly UrlScheme _scheme;
    private readonly bool _isParent;
    private readonly UrlAuthority _authority;
    private readonly ReadOnlySpan<byte> _path;

    private UrlPattern(UrlScheme scheme, bool isParent, UrlAuthority authority, ReadOnlySpan<byte> path)
    {
        _scheme = scheme;
        _isParent = isParent;
        _authority = authority;
        _path = path;
    }

    /// <summary>Reads a pattern; says why it is none, in a few words.</summary>
    public static string? Read(ReadOnlySpan<byte> text, out UrlPattern pattern)
    {
        pattern = default;
        UrlScheme scheme = UrlScheme.Unnamed;
        if (text.IndexOf("://"u8) >= 0)
        {
            if (!UrlText.TryReadScheme(text, out scheme, out text))
            {
                return "its scheme isn't `http`, `https`, `ws` or `wss`";
            }
        }

        int slash = text.IndexOf((byte)'/');
        ReadOnlySpan<byte> path = slash < 0 ? [] : text[slash..];
        ReadOnlySpan<byte> host = slash < 0 ? text : text[..slash];
        bool isParent = host.StartsWith("*."u8);
        if (!UrlAuthority.TryRead(isParent ? host[2..] : host, out UrlAuthority authority) || (isParent && !authority.Host.IsName))
        {
            return "it isn't `[scheme://]host[:port][/path/]` with a plain name, `*.name` or address as host";
        }

        if (path.Contains((byte)'*'))
        {
            return "a path is a directory and has no `*`";
        }

        pattern = new UrlPattern(scheme, isParent, authority, path);
        return UrlPath.FindProblem(path);
    }

    public Nearness Compare(UrlText url)
    {
        Nearness host = _isParent ? url.Host.CompareBelow(_authority.Host) : url.Host.Compare(_authority.Host);
        return host.And(CompareSchemeAndPort(url)).And(ComparePath(url));
    }

    /// <summary>Why a URL can't be told apart from this pattern, or from being one of it; null where it can.</summary>
    public Obstacle? FindObstacle(UrlText url)
    {
        if (Compare(url) != Nearness.Near)
        {
            return null;
        }

        if (CompareSchemeAndPort(url) == Nearness.Near)
        {
            return Obstacle.Needs("an `https` URL");
        }

        if (ComparePath(url) != Nearness.Near)
        {
            return Obstacle.Has(_isParent
                ? "a part of its host begins with `xn--`"
                : "some systems take the address of its host for a listed one");
        }

        return Obstacle.Has(UrlPath.FindProblem(url.Path) ?? "its path differs only by case from a listed one");
    }

    /// <summary>Whatever stands in a path, it lies below the root.</summary>
    private Nearness ComparePath(UrlText url)
    {
        if (_path is [] or [(byte)'/'])
        {
            return Nearness.Match;
        }

        return url.IsPathPlain ? UrlPath.Compare(url.Path, _path) : Nearness.Near;
    }

    private Nearness CompareSchemeAndPort(UrlText url)
    {
        bool isPort = _authority.Port == 0 || _authority.Port == url.Port;
        if (_scheme == url.Scheme || (_scheme == UrlScheme.Unnamed && url.Scheme == UrlScheme.Https))
        {
            return isPort ? Nearness.Match : Nearness.Apart;
        }

        bool couldBe = _scheme == UrlScheme.Unnamed && (isPort || _authority.Port == url.PortOf(UrlScheme.Https));
        return couldBe ? Nearness.Near : Nearness.Apart;
    }
}
