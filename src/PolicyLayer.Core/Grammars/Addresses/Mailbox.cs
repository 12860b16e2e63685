using System.Buffers;

namespace PolicyLayer.Grammars.Addresses;

/// <summary>A bare mailbox that every reader takes for the same one.</summary>
internal readonly ref struct Mailbox
{
    private static readonly SearchValues<byte> LocalBytes = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._+-'="u8);

    private Mailbox(ReadOnlySpan<byte> local, ReadOnlySpan<byte> domain)
    {
        Local = local;
        Domain = domain;
    }

    public ReadOnlySpan<byte> Local { get; }

    public ReadOnlySpan<byte> Domain { get; }

    public static bool TryRead(ReadOnlySpan<byte> text, out Mailbox mailbox)
    {
        mailbox = default;
        if (!EmailFormat.Matches(text))
        {
            return false;
        }

        int at = text.IndexOf((byte)'@');
        mailbox = new Mailbox(text[..at], text[(at + 1)..]);
        return mailbox.Local[0] != '-' && !mailbox.Local.ContainsAnyExcept(LocalBytes) && IsDomain(mailbox.Domain);
    }

    /// <summary>Whether it is the name of a domain and no address of a host, in brackets or without.</summary>
    public static bool IsDomain(ReadOnlySpan<byte> text) => HostnameFormat.IsDomain(text) && !HostnameFormat.EndsInNumber(text);
}
