using PolicyLayer.Json.Values;

namespace PolicyLayer.Proxy.Messages;

/// <summary>
/// One message as it came, and what of it the proxy goes by. All readers of JSON take its envelope for the same. Immutable, as long as its
/// bytes are.
/// </summary>
internal sealed class JsonRpcMessage
{
    private readonly ScannedText _scanned;
    private readonly int _body;

    public JsonRpcMessage(ScannedText scanned, MessageKind kind, JsonRpcId? id, string? method, int body, bool isError)
    {
        Kind = kind;
        Id = id;
        Method = method;
        IsError = isError;
        _scanned = scanned;
        _body = body;
    }

    /// <summary>Its bytes.</summary>
    public ReadOnlyMemory<byte> Text => _scanned.Text;

    public MessageKind Kind { get; }

    /// <summary>
    /// The id of a request or a response; null for a notification, and for an error about a message that couldn't be read.
    /// </summary>
    public JsonRpcId? Id { get; }

    /// <summary>The method, decoded; null for a response.</summary>
    public string? Method { get; }

    /// <summary>Whether it is a response that tells of an error.</summary>
    public bool IsError { get; }

    /// <summary>Its <c>params</c>, or its <c>result</c>; no value where it has none.</summary>
    public JsonValue Body => _body < 0 ? default : _scanned.At(_body);

    /// <summary>All of it.</summary>
    public JsonValue Envelope => _scanned.Root;

    /// <summary>Its bytes with another id.</summary>
    /// <param name="id">The id as it is to be written.</param>
    public ReadOnlyMemory<byte> WithId(ReadOnlyMemory<byte> id)
    {
        Members.Find(Envelope, "id"u8, out JsonValue old);
        var edits = new TextEdits();
        edits.Replace(PlaceOf(old), id);
        return edits.ApplyTo(Text);
    }

    /// <summary>The bytes of one of its values, as written.</summary>
    /// <param name="value">The value, of this message.</param>
    public ReadOnlyMemory<byte> TextOf(JsonValue value) => _scanned.TextOf(value);

    /// <summary>Whether one of its values is what all readers see; else something stands there for what only some of them take.</summary>
    /// <param name="value">The value, of this message.</param>
    public bool IsExact(JsonValue value) => _scanned.IsExact(value);

    /// <summary>One of its values as an id; null for what is none.</summary>
    /// <param name="value">The value, of this message.</param>
    public JsonRpcId? IdOf(JsonValue value) => JsonRpcId.Of(value, _scanned.TextOf(value));

    /// <summary>Where one of its values stands, with a string's quotes.</summary>
    /// <param name="value">The value, of this message.</param>
    public TextSpan PlaceOf(JsonValue value) => _scanned.PlaceOf(value);

    /// <summary>Where a member's name stands, with its quotes.</summary>
    /// <param name="value">The member's value, of this message.</param>
    public TextSpan PlaceOfName(JsonValue value) => _scanned.PlaceOfName(value);
}
