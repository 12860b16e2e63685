using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace PolicyLayer.Authorization.Pipeline;

/// <summary>
/// Stands for what a call and one that goes on with it have in common: tool, server, grant, session with its source, and arguments.
/// </summary>
internal static class CallIdentity
{
    public static byte[] Of(in ToolCall call, ReadOnlySpan<byte> argumentsDigest)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(argumentsDigest);
        Append(hash, call.ToolName);
        Append(hash, call.Server);
        Append(hash, call.GrantId);
        Append(hash, call.SessionId);
        hash.AppendData([(byte)call.SessionSource]);
        return hash.GetHashAndReset();
    }

    // INVARIANT: the length goes before each text, and none is another one's: no two calls are the same bytes.
    private static void Append(IncrementalHash hash, string? text)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, text?.Length ?? -1);
        hash.AppendData(length);
        hash.AppendData(MemoryMarshal.AsBytes(text.AsSpan()));
    }
}
