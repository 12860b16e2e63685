namespace PolicyLayer.Regexes;

/// <summary>How often bytes are in the texts of tool calls, roughly. Whether a search pays hangs on it, never what is found.</summary>
internal static class RegexByteFrequencies
{
    private const double All = 430;

    /// <summary>The part of a usual text that are bytes with this bit.</summary>
    public static double Sum(ReadOnlySpan<byte> bits, byte bit)
    {
        int sum = 0;
        for (int i = 0; i < bits.Length; i++)
        {
            sum += (bits[i] & bit) != 0 ? Of((byte)i) : 0;
        }

        return Math.Min(sum / All, 1);
    }

    /// <summary>The part of a usual text that are these bytes.</summary>
    public static double Sum(ReadOnlySpan<byte> bytes)
    {
        int sum = 0;
        foreach (byte symbol in bytes)
        {
            sum += Of(symbol);
        }

        return Math.Min(sum / All, 1);
    }

    private static int Of(byte symbol) => symbol switch
    {
        (byte)' ' => 40,
        (byte)'e' => 24,
        (byte)'a' or (byte)'i' or (byte)'n' or (byte)'o' or (byte)'r' or (byte)'s' or (byte)'t' => 16,
        >= (byte)'a' and <= (byte)'z' => 6,
        >= (byte)'0' and <= (byte)'9' => 4,
        >= (byte)'A' and <= (byte)'Z' => 2,
        (byte)'_' or (byte)'-' or (byte)'.' or (byte)'/' or (byte)'"' or (byte)',' or (byte)'\n' => 5,
        >= 0xC0 => 1,
        _ => symbol is >= 0x20 and < 0x7F ? 1 : 0,
    };
}
