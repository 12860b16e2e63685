using System.Buffers.Text;

namespace PolicyLayer.Grammars.Addresses;

/// <summary>What stands between a URL's <c>//</c> and its path: a host and a port. User info isn't among it.</summary>
internal readonly ref struct UrlAuthority
{
    private const int MaxPortDigits = 5;

    private UrlAuthority(UrlHost host, ushort port)
    {
        Host = host;
        Port = port;
    }

    public UrlHost Host { get; }

    /// <summary>The port as written; 0 if none is.</summary>
    public ushort Port { get; }

    public static bool TryRead(ReadOnlySpan<byte> text, out UrlAuthority authority)
    {
        authority = default;
        int hostEnd = text is [(byte)'[', ..] ? text.IndexOf((byte)']') + 1 : text.IndexOf((byte)':');
        if (hostEnd < 0)
        {
            hostEnd = text.Length;
        }

        ReadOnlySpan<byte> rest = text[hostEnd..];
        ushort port = 0;
        if (!UrlHost.TryRead(text[..hostEnd], out UrlHost host) || (!rest.IsEmpty && !TryReadPort(rest, out port)))
        {
            return false;
        }

        authority = new UrlAuthority(host, port);
        return true;
    }

    private static bool TryReadPort(ReadOnlySpan<byte> text, out ushort port)
    {
        port = 0;
        return text.Length <= MaxPortDigits + 1
            && text is [(byte)':', >= (byte)'1' and <= (byte)'9', ..]
            && Utf8Parser.TryParse(text[1..], out port, out int read)
            && read == text.Length - 1;
    }
}
