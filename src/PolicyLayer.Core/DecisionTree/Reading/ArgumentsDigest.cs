using System.Security.Cryptography;
using PolicyLayer.Calls;
using PolicyLayer.Json.Canonical;
using PolicyLayer.Json.Clr;
using PolicyLayer.Json.Values;
using PolicyLayer.Keys;

namespace PolicyLayer.DecisionTree.Reading;

/// <summary>Stands for the arguments of a call: SHA-256 of their canonical form. It leaves the process sealed, or not at all.</summary>
internal static class ArgumentsDigest
{
    /// <summary>That of absent arguments, which are <c>{}</c>.</summary>
    public static byte[] OfNone { get; } = SHA256.HashData("{}"u8);

    /// <summary>The digest of arguments that were read; null where there is no work left for it.</summary>
    public static byte[]? Of(in JsonValue arguments, CallScratch scratch) =>
        TryWrite(arguments, scratch, scratch.Work, out ReadOnlySpan<byte> canonical) ? SHA256.HashData(canonical) : null;

    /// <summary>The same under a key, for records; null where it would take more work than a call may.</summary>
    public static string? Of(in JsonValue arguments, CallScratch scratch, PurposeHash keyed)
    {
        // A budget of its own: whether calls are recorded changes no decision.
        if (!TryWrite(arguments, scratch, new WorkBudget(), out ReadOnlySpan<byte> canonical))
        {
            return null;
        }

        Span<byte> hash = stackalloc byte[PurposeHash.Length];
        keyed.Compute(canonical, hash);
        return Convert.ToHexStringLower(hash);
    }

    /// <summary>Reads a call's arguments for nothing but their digest; null where they can't be judged.</summary>
    public static byte[]? Of(in ToolCall call, in ReadingOptions options)
    {
        CallScratch scratch = CallScratch.Rent(options.MaxWork);
        UnreadableMember? unreadable = null;
        byte[]? digest =
            CallReader.ReadArguments(call, options, scratch, ref unreadable, out ReadOnlySpan<byte> text) == DecisionCode.Allowed
            ? Of(new JsonValue(text, scratch.Arguments), scratch)
            : null;
        scratch.Return();
        return digest;
    }

    private static bool TryWrite(in JsonValue arguments, CallScratch scratch, WorkBudget work, out ReadOnlySpan<byte> canonical)
    {
        Utf8Buffer buffer = scratch.Canonical;
        buffer.Clear();
        bool isWhole = new CanonicalText(buffer, foldsCase: false, work).TryAppendWhole(arguments)
            && work.TrySpend((long)StepCosts.DigestByte * buffer.Written.Length);
        canonical = buffer.Written;
        return isWhole;
    }
}
