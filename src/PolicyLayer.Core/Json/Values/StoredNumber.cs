namespace PolicyLayer.Json.Values;

/// <summary>A number of the policy, read once.</summary>
internal readonly struct StoredNumber(ReadOnlySpan<byte> raw)
{
    private readonly byte[] _raw = raw.ToArray();
    private readonly JsonNumberParts _parts = new JsonNumber(raw).Parts;

    public JsonNumber Value => new(_raw, _parts);
}
