using System.Text;

namespace PolicyLayer.Grammars.Addresses;

/// <summary>Why <c>email_in</c> can't judge an address: looked for only for the words of a denial.</summary>
internal static class EmailObstacles
{
    /// <summary>What an argument must be.</summary>
    public const string BareAddress = "one bare e-mail address";

    /// <summary>For an address that <see cref="EmailIn.Judge"/> leaves unjudgeable.</summary>
    public static Obstacle Find(ReadOnlySpan<byte> text, TextPatterns patterns)
    {
        if (!Ascii.IsValid(text))
        {
            return Obstacle.Has("it has characters beyond ASCII");
        }

        if (!EmailFormat.Matches(text))
        {
            return Obstacle.Needs(BareAddress);
        }

        if (!Mailbox.IsDomain(text[(text.LastIndexOf((byte)'@') + 1)..]))
        {
            return Obstacle.Has("its domain isn't a name");
        }

        return Obstacle.Has(Mailbox.TryRead(text, out _)
            ? "it differs from a listed address only by case, dots or a part from `+` on"
            : "what stands before `@` begins with `-` or has other characters than letters, digits and `._+-'=`");
    }
}
