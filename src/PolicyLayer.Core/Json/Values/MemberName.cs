using System.Runtime.CompilerServices;
using System.Text;
using PolicyLayer.Calls;

namespace PolicyLayer.Json.Values;

/// <summary>A member's name as a policy gives it, compared with the names of a call exactly and with case set aside.</summary>
internal sealed class MemberName
{
    private const int CaseBit = 0x20;

    private readonly byte[] _utf8;

    /// <summary>Bytes of the shortest and, from there on, of the longest unescaped name that may equal this one but for case.</summary>
    private readonly int _shortest;
    private readonly uint _spread;

    public MemberName(byte[] utf8)
    {
        _utf8 = utf8;
        int longest = 0;
        foreach (byte unit in utf8)
        {
            (int least, int most) = LengthsOf(unit);
            _shortest += least;
            longest += most;
        }

        _spread = (uint)(longest - _shortest);
    }

    public ReadOnlySpan<byte> Utf8 => _utf8;

    /// <summary>Whether a name of a call may be this one but for case: for most, a look says that it isn't.</summary>
    /// <param name="name">The name.</param>
    /// <param name="cost">Takes the steps beside the look itself.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool MayMatch(JsonString name, ref long cost)
    {
        if (name.HasEscapes)
        {
            return true;
        }

        ReadOnlySpan<byte> raw = name.Raw;
        if ((uint)(raw.Length - _shortest) > _spread)
        {
            return false;
        }

        if (raw.IsEmpty || !BeginsApart(raw[0]))
        {
            return true;
        }

        cost += StepCosts.Child;
        return false;
    }

    /// <summary>Compares with a name of a call that may match; costs no more than the shorter of the two.</summary>
    /// <param name="name">The name.</param>
    /// <param name="cost">The steps that it took, beside the look itself.</param>
    // Out of line: in a loop over names it would take the registers from the look, which most of them end at.
    [MethodImpl(MethodImplOptions.NoInlining)]
    public NameMatch MatchNear(JsonString name, out int cost)
    {
        cost = CostOfNear(name.Raw.Length);
        if (name.Equals(_utf8))
        {
            return NameMatch.Exact;
        }

        // Without a spread every letter is ASCII and has no partner beyond it.
        bool isVariant = _spread == 0 && !name.HasEscapes
            ? Ascii.EqualsIgnoreCase(name.Raw, _utf8)
            : NameFolding.AreEqual(name, _utf8);
        return isVariant ? NameMatch.CaseVariant : NameMatch.None;
    }

    /// <summary>Both, one after the other.</summary>
    /// <param name="name">The name.</param>
    /// <param name="cost">The steps that it took, beside the look itself.</param>
    public NameMatch Match(JsonString name, out int cost)
    {
        long looked = 0;
        if (MayMatch(name, ref looked))
        {
            return MatchNear(name, out cost);
        }

        cost = (int)looked;
        return NameMatch.None;
    }

    private int CostOfNear(int length) => StepCosts.NearName + (StepCosts.NearNameByte * Math.Min(length, 2 * (_utf8.Length + 1)));

    /// <summary>Whether both begin with characters of ASCII that differ by more than case: most names end here.</summary>
    private bool BeginsApart(byte first) =>
        _utf8.Length != 0 && (first | _utf8[0]) < 0x80 && ((first ^ _utf8[0]) & ~CaseBit) != 0;

    /// <summary>The lengths in UTF-8 of what equals a character but for case, by its first byte; nothing for the bytes after it.</summary>
    private static (int Least, int Most) LengthsOf(byte unit) => unit switch
    {
        // The Kelvin sign and the long s are the only letters beyond ASCII that equal one of ASCII.
        (byte)'k' or (byte)'K' => (1, 3),
        (byte)'s' or (byte)'S' => (1, 2),
        < 0x80 => (1, 1),
        < 0xC0 => (0, 0),
        _ => (1, 4),
    };
}
