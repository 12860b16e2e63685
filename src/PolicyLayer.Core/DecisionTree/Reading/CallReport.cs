using PolicyLayer.Calls;
using PolicyLayer.Json.Values;
using PolicyLayer.Keys;
using PolicyLayer.Telemetry;
using PolicyLayer.Text;

namespace PolicyLayer.DecisionTree.Reading;

/// <summary>
/// What others than the rules want to know of a call, taken down by the one reading that judges it: nobody reads a call's arguments again.
/// It holds no values.
/// </summary>
/// <param name="call">The call.</param>
internal sealed class CallReport(in ToolCall call)
{
    /// <summary>The server that has the tool, as the host says; null for none.</summary>
    public string? Server { get; } = call.Server;

    /// <summary>Where the session's id comes from.</summary>
    public SessionSource SessionSource { get; } = call.SessionSource;

    /// <summary>The trace that the call is part of; null for none.</summary>
    public string? TraceId { get; } = CallerTrace.IdOf(call);

    /// <summary>The decision that the call goes on with, once it does; null for none.</summary>
    public string? Continues { get; set; }

    /// <summary>Who answered the approval that was found for the call; null for none.</summary>
    public string? AnsweredBy { get; set; }

    /// <summary>
    /// The names at the top of the arguments, in ordinal order: the first 64, each cut at 64 units. Empty when they were refused.
    /// </summary>
    public IReadOnlyList<string> ArgumentNames { get; private set; } = [];

    /// <summary>The size in UTF-8; null when there are no arguments, and where they have no text and were refused.</summary>
    public int? ArgumentBytes { get; private set; }

    /// <summary>Whether the digest of the arguments is wanted, which takes writing them in canonical form.</summary>
    public bool NeedsDigest { get; init; }

    /// <summary>
    /// The digest of the arguments; null where it isn't wanted, they were refused, or there was no work left for it.
    /// </summary>
    public byte[]? ArgumentsDigest { get; private set; }

    /// <summary>What stands for the arguments in records, under a key; null where there is no key.</summary>
    public PurposeHash? RecordedHash { get; init; }

    /// <summary>What it makes of them, in lower-case hexadecimal; null where the digest is.</summary>
    public string? RecordedDigest { get; private set; }

    /// <summary>The same of what was answered; null where nothing was, or it was refused.</summary>
    public string? RecordedInputs { get; private set; }

    /// <summary>Takes down what was read.</summary>
    /// <param name="source">The arguments.</param>
    /// <param name="isAccepted">Whether they are on the scratch's tape.</param>
    /// <param name="text">Their text.</param>
    /// <param name="scratch">What they were read to.</param>
    public void AddArguments(in ToolArguments source, bool isAccepted, ReadOnlySpan<byte> text, CallScratch scratch)
    {
        if (source.Form == ToolArgumentsForm.None)
        {
            return;
        }

        if (isAccepted || source.IsText)
        {
            ArgumentBytes = text.Length;
        }

        if (isAccepted)
        {
            var arguments = new JsonValue(text, scratch.Arguments);
            ArgumentNames = ReadNames(arguments, scratch);
            ArgumentsDigest = NeedsDigest ? Reading.ArgumentsDigest.Of(arguments, scratch) : null;
            RecordedDigest = RecordedHash is { } hash ? Reading.ArgumentsDigest.Of(arguments, scratch, hash) : null;
        }
    }

    /// <summary>Takes down what was answered, which could be read.</summary>
    /// <param name="text">Its text, whose tokens are on the scratch's tape.</param>
    /// <param name="scratch">What it was read to.</param>
    public void AddInputs(ReadOnlySpan<byte> text, CallScratch scratch) => RecordedInputs = RecordedHash is { } hash
        ? Reading.ArgumentsDigest.Of(new JsonValue(text, scratch.Inputs), scratch, hash)
        : null;

    private static string[] ReadNames(JsonValue arguments, CallScratch scratch)
    {
        FirstNames names = scratch.Names;
        names.Clear();
        foreach (JsonValue.Property property in arguments.EnumerateProperties())
        {
            names.Add(scratch.Utf16(property.Name));
        }

        return names.ToArray();
    }
}
