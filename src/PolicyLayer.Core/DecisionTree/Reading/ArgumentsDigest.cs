using System.Security.Cryptography;
using PolicyLayer.Calls;
using PolicyLayer.Json.Canonical;
using PolicyLayer.Json.Clr;
using PolicyLayer.Json.Values;

namespace PolicyLayer.DecisionTree.Reading;

/// <summary>Stands for the arguments of a call: SHA-256 of their canonical form. It leaves the process sealed, or not at all.</summary>
internal static class ArgumentsDigest
{
    /// <summary>That of absent arguments, which are <c>{}</c>.</summary>
    public static byte[] OfNone { get; } = SHA256.HashData("{}"u8);

    /// <summary>The digest of arguments that were read; null where there is no work left for it.</summary>
    public static byte[]? Of(in JsonValue arguments, CallScratch scratch)
    {
        Utf8Buffer buffer = scratch.Canonical;
        buffer.Clear();
        return new CanonicalText(buffer, foldsCase: false, scratch.Work).TryAppendWhole(arguments)
            && scratch.Work.TrySpend((long)StepCosts.DigestByte * buffer.Written.Length)
                ? SHA256.HashData(buffer.Written)
                : null;
    }

    /// <summary>Reads a call's arguments for nothing but their digest; null where they can't be judged.</summary>
    public static byte[]? Of(in ToolCall call, in ReadingOptions options)
    {
        CallScratch scratch = CallScratch.Rent(options.MaxWork);
        byte[]? digest = CallReader.ReadArguments(call, options, scratch, out ReadOnlySpan<byte> text) == DecisionCode.Allowed
            ? Of(new JsonValue(text, scratch.Arguments), scratch)
            : null;
        scratch.Return();
        return digest;
    }
}
