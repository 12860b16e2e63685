using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace PolicyLayer.Auditing.Chain;

/// <summary>
/// A line of a log, cut into what its chain is made of: <c>{"sequence":N,"previous":"HASH", … ,"key":"ID","hash":"HASH"}</c>, where
/// <c>key</c> stands only in a line hashed with a key. The hash is over all bytes before <c>,"hash":</c>; the line's end isn't part of it.
/// </summary>
internal readonly ref struct ChainedLine
{
    private const int LongestSequence = 19;
    private const int LongestKeyId = 32;

    // As in PolicyLayerKeys: no character of an id needs escaping, or could end it.
    private static readonly SearchValues<byte> KeyIdBytes =
        SearchValues.Create("-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"u8);

    private static readonly SearchValues<byte> HashBytes = SearchValues.Create("0123456789abcdef"u8);

    private ChainedLine(long sequence, ReadOnlySpan<byte> previous, ReadOnlySpan<byte> content, string? keyId, ReadOnlySpan<byte> hash)
    {
        Sequence = sequence;
        Previous = previous;
        Content = content;
        KeyId = keyId;
        Hash = hash;
    }

    /// <summary>Before a log's first line stands a hash of zeros.</summary>
    public static ReadOnlySpan<byte> NoHash => "0000000000000000000000000000000000000000000000000000000000000000"u8;

    public long Sequence { get; }

    /// <summary>The hash of the line before, as 64 lower-case hexadecimal digits.</summary>
    public ReadOnlySpan<byte> Previous { get; }

    /// <summary>What is hashed.</summary>
    public ReadOnlySpan<byte> Content { get; }

    /// <summary>The key that the line was hashed with; null for plain SHA-256.</summary>
    public string? KeyId { get; }

    public ReadOnlySpan<byte> Hash { get; }

    private static ReadOnlySpan<byte> SequenceMember => "{\"sequence\":"u8;

    private static ReadOnlySpan<byte> PreviousMember => ",\"previous\":\""u8;

    private static ReadOnlySpan<byte> KeyMember => ",\"key\":\""u8;

    private static ReadOnlySpan<byte> HashMember => ",\"hash\":\""u8;

    private static ReadOnlySpan<byte> End => "\"}"u8;

    /// <summary>Cuts a line; false when it isn't one of a log. Whether its hashes are right is not looked at.</summary>
    public static bool TryParse(ReadOnlySpan<byte> line, out ChainedLine chained)
    {
        chained = default;
        int tail = HashMember.Length + LineHash.TextLength + End.Length;
        if (line.Length > LineLength.Max || line.Length < tail || !line.EndsWith(End))
        {
            return false;
        }

        ReadOnlySpan<byte> content = line[..^tail];
        ReadOnlySpan<byte> hash = line.Slice(content.Length + HashMember.Length, LineHash.TextLength);
        if (!line[content.Length..].StartsWith(HashMember)
            || hash.ContainsAnyExcept(HashBytes)
            || !TryReadBeginning(content, out long sequence, out ReadOnlySpan<byte> previous))
        {
            return false;
        }

        chained = new ChainedLine(sequence, previous, content, ReadKeyId(content), hash);
        return true;
    }

    /// <summary>Ends a line that was written up to its last member but for the closing brace: adds key, hash and brace.</summary>
    /// <param name="line">The buffer, which has the line alone.</param>
    /// <param name="hash">How to hash.</param>
    /// <returns>The line's hash as text.</returns>
    public static byte[] Complete(ArrayBufferWriter<byte> line, LineHash hash)
    {
        if (hash.CurrentKeyId is { } keyId)
        {
            line.Write(KeyMember);
            line.Write(Encoding.ASCII.GetBytes(keyId));
            line.Write("\""u8);
        }

        byte[] text = hash.Of(line.WrittenSpan);
        line.Write(HashMember);
        line.Write(text);
        line.Write(End);
        return text;
    }

    private static bool TryReadBeginning(ReadOnlySpan<byte> content, out long sequence, out ReadOnlySpan<byte> previous)
    {
        sequence = 0;
        previous = default;
        if (!content.StartsWith(SequenceMember))
        {
            return false;
        }

        ReadOnlySpan<byte> rest = content[SequenceMember.Length..];
        if (!Utf8Parser.TryParse(rest, out sequence, out int digits)
            || sequence < 1
            || digits > LongestSequence
            || rest[0] is (byte)'0' or (byte)'+'
            || !rest[digits..].StartsWith(PreviousMember))
        {
            return false;
        }

        rest = rest[(digits + PreviousMember.Length)..];
        if (rest.Length <= LineHash.TextLength || rest[LineHash.TextLength] != (byte)'"')
        {
            return false;
        }

        previous = rest[..LineHash.TextLength];
        return !previous.ContainsAnyExcept(HashBytes);
    }

    // Inside a JSON string no quotation mark stands without a backslash: what looks like the member is the member.
    private static string? ReadKeyId(ReadOnlySpan<byte> content)
    {
        ReadOnlySpan<byte> end = content[Math.Max(0, content.Length - KeyMember.Length - LongestKeyId - 1)..];
        int at = end.LastIndexOf(KeyMember);
        if (at < 0 || end[^1] != (byte)'"')
        {
            return null;
        }

        ReadOnlySpan<byte> id = end[(at + KeyMember.Length)..^1];
        return id.Length == 0 || id.ContainsAnyExcept(KeyIdBytes) ? null : Encoding.ASCII.GetString(id);
    }
}
