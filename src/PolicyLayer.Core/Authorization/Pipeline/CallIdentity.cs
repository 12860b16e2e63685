using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace PolicyLayer.Authorization.Pipeline;

/// <summary>
/// Stands for what a call and one that goes on with it have in common: tool, server, grant, session with its source, and arguments.
/// </summary>
internal static class CallIdentity
{
    /// <summary>Names of the usual lengths are put together on the stack.</summary>
    private const int UsualBytes = 512;

    public static byte[] Of(in ToolCall call, ReadOnlySpan<byte> argumentsDigest)
    {
        // All at once: a hash that is fed piece by piece costs several times as much.
        int length = argumentsDigest.Length + 1
            + SizeOf(call.ToolName) + SizeOf(call.Server) + SizeOf(call.GrantId) + SizeOf(call.SessionId);
        byte[]? rented = length > UsualBytes ? ArrayPool<byte>.Shared.Rent(length) : null;
        Span<byte> buffer = rented ?? stackalloc byte[UsualBytes];
        argumentsDigest.CopyTo(buffer);
        Span<byte> rest = buffer[argumentsDigest.Length..];
        rest = Append(rest, call.ToolName);
        rest = Append(rest, call.Server);
        rest = Append(rest, call.GrantId);
        rest = Append(rest, call.SessionId);
        rest[0] = (byte)call.SessionSource;
        byte[] identity = SHA256.HashData(buffer[..length]);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }

        return identity;
    }

    private static int SizeOf(string? text) => sizeof(int) + (sizeof(char) * (text?.Length ?? 0));

    // INVARIANT: the length goes before each text, and none is another one's: no two calls are the same bytes.
    private static Span<byte> Append(Span<byte> buffer, string? text)
    {
        BinaryPrimitives.WriteInt32LittleEndian(buffer, text?.Length ?? -1);
        MemoryMarshal.AsBytes(text.AsSpan()).CopyTo(buffer[sizeof(int)..]);
        return buffer[SizeOf(text)..];
    }
}
