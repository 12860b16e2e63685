using System.Buffers.Binary;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text;
using PolicyLayer.Authorization.Decisions;
using PolicyLayer.Calls;
using PolicyLayer.DecisionTree.Reading;
using PolicyLayer.Keys;

namespace PolicyLayer;

/// <summary>
/// Seals which call a client may go on with, for hosts that keep nothing themselves and hand it to the client: what the client brings back
/// is what this host gave it, for the same principal, tool and arguments, a short time ago. Immutable and safe for any number of threads.
/// </summary>
/// <remarks>
/// AES-256-GCM under a sub-key of the host's keys. A sealed text holds no argument values and tells its holder nothing; and it opens
/// nothing by itself: the authorizer judges the call that brings it, and goes on only with one that it remembers. What a tool wants to
/// find again when the call comes back may be sealed with it.
/// </remarks>
public sealed class ContinuationSealer
{
    private const string Purpose = "policylayer continuation v1";
    private const string WaitingPurpose = "policylayer waiting call v1";
    private const int HeadLength = sizeof(long) + sizeof(int);

    private readonly SealedBox _box;
    private readonly SealedBox _waiting;
    private readonly TimeProvider _time;
    private readonly TimeSpan _validFor;
    private readonly ReadingOptions _reading;

    /// <summary>Makes a sealer.</summary>
    /// <param name="keys">The host's keys.</param>
    /// <param name="validFor">How long a sealed text is taken; null for 10 minutes. From 1 second to 1 day.</param>
    /// <param name="timeProvider">The clock; null for the system's.</param>
    /// <exception cref="ArgumentNullException"><paramref name="keys"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="validFor"/> is out of range.</exception>
    public ContinuationSealer(PolicyLayerKeys keys, TimeSpan? validFor = null, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(keys);
        _validFor = validFor ?? TimeSpan.FromMinutes(10);
        ArgumentOutOfRangeException.ThrowIfLessThan(_validFor, TimeSpan.FromSeconds(1), nameof(validFor));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(_validFor, TimeSpan.FromDays(1), nameof(validFor));
        _box = new SealedBox(keys, Purpose);
        _waiting = new SealedBox(keys, WaitingPurpose);
        _time = timeProvider ?? TimeProvider.System;
        _reading = ReadingOptions.ForDigests;
    }

    /// <summary>Seals an allowed call, for the client to bring back with the call that goes on with it.</summary>
    /// <param name="decision">The decision.</param>
    /// <param name="call">The call that it is about: one that said <see cref="ToolCall.MayContinue"/>.</param>
    /// <param name="principal">Who may bring it back, as the host has authenticated them.</param>
    /// <returns>The text, in Base64Url; null for a call that can't be continued.</returns>
    /// <exception cref="ArgumentException"><paramref name="principal"/> is null or empty.</exception>
    public string? Seal(in ToolCallDecision decision, in ToolCall call, string principal) => Seal(decision, call, principal, null);

    /// <summary>Seals an allowed call together with what its tool wants to find again.</summary>
    /// <param name="decision">The decision.</param>
    /// <param name="call">The call that it is about: one that said <see cref="ToolCall.MayContinue"/>.</param>
    /// <param name="principal">Who may bring it back, as the host has authenticated them.</param>
    /// <param name="state">The tool's own words, which the client can neither read nor change; null for none.</param>
    /// <returns>The text, in Base64Url; null for a call that can't be continued.</returns>
    /// <exception cref="ArgumentException"><paramref name="principal"/> is null or empty.</exception>
    public string? Seal(in ToolCallDecision decision, in ToolCall call, string principal, string? state)
    {
        ArgumentException.ThrowIfNullOrEmpty(principal);
        if (!decision.IsAllowed || !call.MayContinue || ArgumentsDigest.Of(call, _reading) is not { } digest)
        {
            return null;
        }

        byte[] id = Encoding.UTF8.GetBytes(decision.DecisionId);
        var head = new byte[HeadLength];
        WriteEnd(head);
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(sizeof(long)), state is null ? -1 - id.Length : id.Length);
        byte[] plain = [.. head, .. id, .. MemoryMarshal.AsBytes(state.AsSpan())];
        return Base64Url.EncodeToString(_box.Seal(plain, ContextOf(principal, call.ToolName, digest)));
    }

    /// <summary>Opens what a client brought back.</summary>
    /// <param name="sealedText">What it brought, whatever that is.</param>
    /// <param name="call">The call that it came with.</param>
    /// <param name="principal">Who brought it, as the host has authenticated them.</param>
    /// <returns>
    /// What to set <see cref="ToolCall.Continues"/> to; null for what this host didn't seal for the same principal, tool and arguments, or
    /// too long ago: then the call is one of its own.
    /// </returns>
    /// <exception cref="ArgumentException"><paramref name="principal"/> is null or empty, or the text is null.</exception>
    public string? Open(string sealedText, in ToolCall call, string principal) => Open(sealedText, call, principal, out _);

    /// <summary>Opens what a client brought back, with what the tool wanted to find again.</summary>
    /// <param name="sealedText">What it brought, whatever that is.</param>
    /// <param name="call">The call that it came with.</param>
    /// <param name="principal">Who brought it, as the host has authenticated them.</param>
    /// <param name="state">The tool's own words, as they were sealed; null where there were none, or where the text doesn't open.</param>
    /// <returns>As of the other overload.</returns>
    /// <exception cref="ArgumentException"><paramref name="principal"/> is null or empty, or the text is null.</exception>
    public string? Open(string sealedText, in ToolCall call, string principal, out string? state)
    {
        ArgumentNullException.ThrowIfNull(sealedText);
        ArgumentException.ThrowIfNullOrEmpty(principal);
        state = null;
        if (!Base64Url.IsValid(sealedText) || ArgumentsDigest.Of(call, _reading) is not { } digest)
        {
            return null;
        }

        byte[]? plain = _box.Open(Base64Url.DecodeFromChars(sealedText), ContextOf(principal, call.ToolName, digest));
        if (plain is null || plain.Length < HeadLength || IsOver(plain))
        {
            return null;
        }

        // Below zero where there is no state, so that an empty one is one.
        int length = BinaryPrimitives.ReadInt32BigEndian(plain.AsSpan(sizeof(long)));
        ReadOnlySpan<byte> body = plain.AsSpan(HeadLength);
        if (length < 0)
        {
            return Encoding.UTF8.GetString(body);
        }

        state = new string(MemoryMarshal.Cast<byte, char>(body[length..]));
        return Encoding.UTF8.GetString(body[..length]);
    }

    /// <summary>
    /// Seals that a call was sent back to wait for a person, for the client to bring back with the very same call. It lets nothing through
    /// and goes on with nothing; it only says that its holder was told.
    /// </summary>
    /// <param name="call">The call.</param>
    /// <param name="principal">Who may bring it back, as the host has authenticated them.</param>
    /// <returns>The text, in Base64Url; null for a call whose arguments can't be judged.</returns>
    /// <exception cref="ArgumentException"><paramref name="principal"/> is null or empty.</exception>
    public string? SealWaiting(in ToolCall call, string principal)
    {
        ArgumentException.ThrowIfNullOrEmpty(principal);
        if (ArgumentsDigest.Of(call, _reading) is not { } digest)
        {
            return null;
        }

        var plain = new byte[sizeof(long)];
        WriteEnd(plain);
        return Base64Url.EncodeToString(_waiting.Seal(plain, WaitingContextOf(principal, call, digest)));
    }

    /// <summary>Whether a client brought back what <see cref="SealWaiting"/> gave.</summary>
    /// <param name="sealedText">What it brought, whatever that is.</param>
    /// <param name="call">The call that it came with.</param>
    /// <param name="principal">Who brought it, as the host has authenticated them.</param>
    /// <returns>
    /// False for what this host didn't seal for the same principal, tool, arguments, server and session, or too long ago; what
    /// <see cref="Seal(in ToolCallDecision, in ToolCall, string)"/> gave is never it, nor the other way about.
    /// </returns>
    /// <exception cref="ArgumentException"><paramref name="principal"/> is null or empty, or the text is null.</exception>
    public bool IsWaiting(string sealedText, in ToolCall call, string principal)
    {
        ArgumentNullException.ThrowIfNull(sealedText);
        ArgumentException.ThrowIfNullOrEmpty(principal);
        return Base64Url.IsValid(sealedText)
            && ArgumentsDigest.Of(call, _reading) is { } digest
            && _waiting.Open(Base64Url.DecodeFromChars(sealedText), WaitingContextOf(principal, call, digest)) is { } plain
            && !IsOver(plain);
    }

    private void WriteEnd(Span<byte> head) =>
        BinaryPrimitives.WriteInt64BigEndian(head, (_time.GetUtcNow() + _validFor).ToUnixTimeMilliseconds());

    private bool IsOver(byte[] plain) => _time.GetUtcNow().ToUnixTimeMilliseconds() >= BinaryPrimitives.ReadInt64BigEndian(plain);

    // INVARIANT: what comes first has one length, and each text's goes before it but for the last: no two calls are the same bytes.
    private static byte[] ContextOf(string principal, string toolName, byte[] digest) =>
        [.. digest, .. WithLength(principal), .. MemoryMarshal.AsBytes(toolName.AsSpan())];

    private static byte[] WaitingContextOf(string principal, in ToolCall call, byte[] digest) =>
    [
        .. digest, .. WithLength(principal), .. WithLength(call.Server), .. WithLength(call.SessionId),
        .. MemoryMarshal.AsBytes(call.ToolName.AsSpan()),
    ];

    private static byte[] WithLength(string? text)
    {
        // Their very units: an encoding makes one of all surrogates that stand alone.
        ReadOnlySpan<byte> units = MemoryMarshal.AsBytes(text.AsSpan());
        var length = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, text is null ? -1 : units.Length);
        return [.. length, .. units];
    }
}
