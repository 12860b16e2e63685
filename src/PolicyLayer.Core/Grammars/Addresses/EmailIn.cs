using System.Text;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Grammars.Addresses;

/// <summary><c>email_in</c>: whether a bare address is listed as <c>local@domain</c>, <c>@domain</c> or <c>@*.domain</c>.</summary>
internal static class EmailIn
{
    private const byte At = (byte)'@';

    /// <summary>Why a pattern can't be read, in a few words; null if it can.</summary>
    public static string? FindProblem(ReadOnlySpan<byte> pattern)
    {
        if (pattern is [At, ..])
        {
            return Mailbox.IsDomain(DomainOf(pattern, out _)) ? null : "what follows `@` isn't a domain or `*.` and a domain";
        }

        if (pattern is [(byte)'*', At, ..])
        {
            return "any address of a domain is written `@domain`";
        }

        return Mailbox.TryRead(pattern, out _) ? null : "it isn't `local@domain`, `@domain` or `@*.domain` in plain characters";
    }

    public static Judgement Judge(ReadOnlySpan<byte> text, TextPatterns patterns)
    {
        if (!Mailbox.TryRead(text, out Mailbox mailbox))
        {
            return Judgement.Unjudgeable;
        }

        Nearness nearest = Nearness.Apart;
        foreach (ReadOnlySpan<byte> pattern in patterns)
        {
            nearest = nearest.Or(Compare(mailbox, pattern));
        }

        return nearest.ToJudgement();
    }

    private static Nearness Compare(Mailbox mailbox, ReadOnlySpan<byte> pattern)
    {
        if (pattern is [At, ..])
        {
            ReadOnlySpan<byte> domain = DomainOf(pattern, out bool isParent);
            bool isListed = isParent ? DomainName.IsBelow(mailbox.Domain, domain) : Ascii.EqualsIgnoreCase(mailbox.Domain, domain);
            return isListed ? Nearness.Match : Nearness.Apart;
        }

        if (!Mailbox.TryRead(pattern, out Mailbox listed))
        {
            return Nearness.Near;
        }

        return Ascii.EqualsIgnoreCase(mailbox.Domain, listed.Domain) ? CompareLocal(mailbox.Local, listed.Local) : Nearness.Apart;
    }

    private static ReadOnlySpan<byte> DomainOf(ReadOnlySpan<byte> pattern, out bool isParent)
    {
        isParent = pattern.StartsWith("@*."u8);
        return pattern[(isParent ? 3 : 1)..];
    }

    /// <summary>What case, dots and a part from <c>+</c> on mean is the receiving host's affair; some pass over each of them.</summary>
    private static Nearness CompareLocal(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (left.SequenceEqual(right))
        {
            return Nearness.Match;
        }

        left = WithoutTag(left);
        right = WithoutTag(right);
        while (true)
        {
            left = left.TrimStart((byte)'.');
            right = right.TrimStart((byte)'.');
            if (left.IsEmpty || right.IsEmpty)
            {
                return left.IsEmpty && right.IsEmpty ? Nearness.Near : Nearness.Apart;
            }

            if (!Ascii.EqualsIgnoreCase(left[..1], right[..1]))
            {
                return Nearness.Apart;
            }

            left = left[1..];
            right = right[1..];
        }
    }

    private static ReadOnlySpan<byte> WithoutTag(ReadOnlySpan<byte> local)
    {
        int plus = local.IndexOf((byte)'+');
        return plus < 0 ? local : local[..plus];
    }
}
