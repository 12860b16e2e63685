using System.Globalization;
using System.Text;
using System.Text.Json;
using PolicyLayer.Auditing.Chain;

namespace PolicyLayer.Auditing.Verification;

/// <summary>Goes along the chain of a log, one line after another, until one doesn't hold.</summary>
internal sealed class ChainCheck
{
    private readonly LineHash? _hash;
    private readonly string? _after;
    private readonly byte[] _previous = ChainedLine.NoHash.ToArray();
    private bool _isKeyed;

    /// <param name="hash">How lines are hashed; null to look at numbers and links alone, wherever the log begins.</param>
    /// <param name="after">The hash of the line before the first one; null where the log begins with its first.</param>
    public ChainCheck(LineHash? hash, string? after)
    {
        _hash = hash;
        _after = after;
        if (after is not null)
        {
            Encoding.ASCII.GetBytes(after, _previous);
        }
    }

    public long Records { get; private set; }

    public long LastSequence { get; private set; }

    public string Head => Encoding.ASCII.GetString(_previous);

    /// <summary>Takes the next line if it holds, and says else why it doesn't.</summary>
    public AuditFaultKind? Take(ReadOnlySpan<byte> line, out long? sequence)
    {
        sequence = null;
        if (!ChainedLine.TryParse(line, out ChainedLine chained))
        {
            return AuditFaultKind.NotALine;
        }

        sequence = chained.Sequence;
        if ((FaultOfKey(chained.KeyId) ?? FaultOfPlace(chained)) is { } fault)
        {
            return fault;
        }

        if (_hash?.Fits(chained) == false)
        {
            return AuditFaultKind.HashDiffers;
        }

        if (!IsOneObject(line, membersOfChain: chained.KeyId is null ? 3 : 4))
        {
            return AuditFaultKind.NotALine;
        }

        chained.Hash.CopyTo(_previous);
        _isKeyed = chained.KeyId is not null;
        LastSequence = chained.Sequence;
        Records++;
        return null;
    }

    /// <summary>What a person is told of a fault that <see cref="Take"/> found, before another line is taken.</summary>
    public string Explain(AuditFaultKind fault, long? sequence) => fault switch
    {
        AuditFaultKind.NotALine => "The line isn't one of a log.",
        AuditFaultKind.SequenceNotNext when Records == 0 && sequence == 1 =>
            "The log begins with number 1, and a hash was given that lines before it ended with. "
            + "Help: a log that is there from its first line is verified without.",
        AuditFaultKind.SequenceNotNext => string.Create(
            CultureInfo.InvariantCulture,
            $"The line's number is {sequence} where {(UInt128)LastSequence + 1} is next: lines were removed, added or put in another "
            + $"order, or a file between them isn't named."),
        AuditFaultKind.PreviousDiffers =>
            "The line doesn't name the hash of the one before: one of the two was changed, or lines between them are missing.",
        AuditFaultKind.HashDiffers => "The line's hash isn't that of its content: it was changed, or a key of that id is another.",
        AuditFaultKind.Unkeyed =>
            "The line is hashed without a key, as anybody could. Help: a log written without keys is verified without.",
        AuditFaultKind.KeysNeeded => "The line is hashed with a key. Help: give the keys that the log was written with.",
        AuditFaultKind.KeyUnknown => "The line's key isn't among those given. Help: give all keys that the log was written with.",
        AuditFaultKind.MixedKeys => "Some lines are hashed with a key and some without: no sink writes such a log.",
        _ => string.Create(
            CultureInfo.InvariantCulture,
            $"The log begins with number {sequence}. Help: name the files before this one too, or the hash that they ended with."),
    };

    private AuditFaultKind? FaultOfKey(string? keyId)
    {
        if (_hash?.CurrentKeyId is not null)
        {
            if (keyId is null)
            {
                return AuditFaultKind.Unkeyed;
            }

            return _hash.Knows(keyId) ? null : AuditFaultKind.KeyUnknown;
        }

        if (Records > 0)
        {
            return keyId is not null == _isKeyed ? null : AuditFaultKind.MixedKeys;
        }

        return _hash is not null && keyId is not null ? AuditFaultKind.KeysNeeded : null;
    }

    private AuditFaultKind? FaultOfPlace(in ChainedLine line)
    {
        if (Records > 0)
        {
            if (line.Sequence - 1 != LastSequence)
            {
                return AuditFaultKind.SequenceNotNext;
            }
        }
        else if (_hash is null && line.Sequence > 1)
        {
            return null;
        }
        else if (_after is null && line.Sequence > 1)
        {
            return AuditFaultKind.BeginsLater;
        }
        else if (line.Sequence == 1 != _previous.AsSpan().SequenceEqual(ChainedLine.NoHash))
        {
            // Behind a line stands no first one, and behind none no other.
            return AuditFaultKind.SequenceNotNext;
        }

        return line.Previous.SequenceEqual(_previous) ? null : AuditFaultKind.PreviousDiffers;
    }

    // INVARIANT: whoever parses a line finds the number and the hashes that were checked, and no second ones.
    private static bool IsOneObject(ReadOnlySpan<byte> line, int membersOfChain)
    {
        int members = 0;
        try
        {
            var reader = new Utf8JsonReader(line);
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1 && IsOfChain(ref reader))
                {
                    members++;
                }
            }
        }
        catch (JsonException)
        {
            return false;
        }

        return members == membersOfChain;
    }

    private static bool IsOfChain(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("sequence"u8)
        || reader.ValueTextEquals("previous"u8)
        || reader.ValueTextEquals("key"u8)
        || reader.ValueTextEquals("hash"u8);
}
