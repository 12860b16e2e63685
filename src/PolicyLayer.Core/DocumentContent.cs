using PolicyLayer.Grants;

namespace PolicyLayer;

/// <summary>What a document said when it was read: text, or bytes. Immutable; compared by what it says.</summary>
internal sealed class DocumentContent : IEquatable<DocumentContent>
{
    private readonly string? _text;
    private readonly byte[] _utf8 = [];

    public DocumentContent(string text)
    {
        _text = text;
    }

    private DocumentContent(byte[] utf8)
    {
        _utf8 = utf8;
    }

    public static DocumentContent Read(Stream stream, int maxBytes)
    {
        using var copy = new MemoryStream();
        byte[] buffer = new byte[81_920];
        long left = maxBytes + 1L;
        int read;
        while (left > 0 && (read = stream.Read(buffer, 0, (int)Math.Min(left, buffer.Length))) > 0)
        {
            copy.Write(buffer, 0, read);
            left -= read;
        }

        return new DocumentContent(copy.ToArray());
    }

    public PolicyLoadResult LoadPolicy(PolicyLoadOptions? options) =>
        _text is null ? Policy.Load(_utf8, options) : Policy.Load(_text, options);

    public GrantLoadResult LoadGrants(GrantLoadOptions? options) =>
        _text is null ? GrantDocument.Load(_utf8, options) : GrantDocument.Load(_text, options);

    public bool Equals(DocumentContent? other) =>
        other is not null && _text == other._text && _utf8.AsSpan().SequenceEqual(other._utf8);

    public override bool Equals(object? obj) => Equals(obj as DocumentContent);

    public override int GetHashCode() => HashCode.Combine(_text, _utf8.Length);
}
