namespace PolicyLayer.Json.Clr;

/// <summary>The ways in which values are written.</summary>
internal enum ClrKind : byte
{
    Refused = 0,
    Any,
    Scalar,
    Bytes,
    Node,
    Sequence,
    Dictionary,
}
