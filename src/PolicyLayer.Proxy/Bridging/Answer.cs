namespace PolicyLayer.Proxy.Bridging;

/// <summary>What a request is answered with.</summary>
/// <param name="Text">The message.</param>
/// <param name="Status">The status where nothing came before it.</param>
/// <param name="IsError">Whether it is a JSON-RPC error.</param>
internal sealed record Answer(ReadOnlyMemory<byte> Text, int Status, bool IsError);
