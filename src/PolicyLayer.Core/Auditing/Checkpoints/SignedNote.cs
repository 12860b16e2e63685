using System.Text;

namespace PolicyLayer.Auditing.Checkpoints;

/// <summary>A text and who signed it: a C2SP signed-note.</summary>
/// <param name="Text">What is signed, up to and with the end of its last line.</param>
/// <param name="Signatures">At least one.</param>
internal sealed record SignedNote(byte[] Text, IReadOnlyList<NoteSignature> Signatures)
{
    /// <summary>The note as bytes, up to and with the end of its last line.</summary>
    public byte[] ToBytes()
    {
        var bytes = new List<byte>(Text);
        bytes.Add((byte)'\n');
        foreach (NoteSignature signature in Signatures)
        {
            bytes.AddRange(Encoding.UTF8.GetBytes(signature.ToString()));
            bytes.Add((byte)'\n');
        }

        return [.. bytes];
    }

    /// <summary>Whether one of the signatures is that of the key, under that name.</summary>
    public bool IsSignedBy(CheckpointKey key, string name)
    {
        foreach (NoteSignature signature in Signatures)
        {
            if (signature.Name == name && key.Id.SequenceEqual(signature.KeyId) && key.Verifies(Text, signature.Bytes))
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>A signature of a note.</summary>
/// <param name="Name">The name of the key.</param>
/// <param name="KeyId">What tells keys of one name apart, four bytes.</param>
/// <param name="Bytes">The signature.</param>
internal sealed record NoteSignature(string Name, byte[] KeyId, byte[] Bytes)
{
    public const int KeyIdLength = 4;

    /// <summary>What a line with a signature begins with: an em dash and a space.</summary>
    public const string Beginning = "\u2014 ";

    /// <summary>Reads a line without its end; null when it is none.</summary>
    public static NoteSignature? Parse(ReadOnlySpan<byte> line)
    {
        string[] parts = Encoding.UTF8.GetString(line).Split(' ');
        if (parts.Length != 3 || parts[0] + " " != Beginning || parts[1].Length == 0)
        {
            return null;
        }

        var bytes = new byte[parts[2].Length];
        return Convert.TryFromBase64String(parts[2], bytes, out int length)
            && length > KeyIdLength
            && Convert.ToBase64String(bytes.AsSpan(0, length)) == parts[2]
                ? new NoteSignature(parts[1], bytes[..KeyIdLength], bytes[KeyIdLength..length])
                : null;
    }

    public override string ToString() => $"{Beginning}{Name} {Convert.ToBase64String([.. KeyId, .. Bytes])}";
}
