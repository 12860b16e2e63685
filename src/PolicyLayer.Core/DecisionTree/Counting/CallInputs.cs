using System.Text;
using PolicyLayer.Calls;
using PolicyLayer.DecisionTree.Reading;
using PolicyLayer.Json.Canonical;
using PolicyLayer.Json.Clr;
using PolicyLayer.Keys;

namespace PolicyLayer.DecisionTree.Counting;

/// <summary>
/// What counting reads of a call: its session, its amounts, and the values that tell counters apart, of which only digests leave it.
/// </summary>
internal readonly ref struct CallInputs
{
    private readonly CallFacts _facts;
    private readonly ValueDigest _digest;
    private readonly string _policyName;

    public CallInputs(in CallFacts facts, ValueDigest digest, string policyName, string? sessionId)
    {
        _facts = facts;
        _digest = digest;
        _policyName = policyName;
        SessionId = sessionId;
    }

    public string? SessionId { get; }

    /// <summary>What the call adds; false where that can't be read.</summary>
    /// <param name="source">Where it stands.</param>
    /// <param name="place">The place of its path in the entry's table.</param>
    /// <param name="millionths">The amount.</param>
    public bool TryReadAmount(AmountSource source, int place, out long millionths) =>
        AmountReader.TryRead(source, place, _facts, out millionths);

    /// <summary>The digest of the array of values in canonical form; null where one of them can't tell anything apart.</summary>
    /// <param name="source">Where the values stand.</param>
    /// <param name="places">The places of its paths in the entry's table.</param>
    public string? Digest(PartitionSource source, int[] places)
    {
        Utf8Buffer buffer = _facts.Scratch.Canonical;
        buffer.Clear();
        var text = new CanonicalText(buffer, source.FoldsCase, _facts.Scratch.Work);
        if (source.Label is not null)
        {
            // No label has a line's end, and the array ends by itself: no two pairs are the same bytes.
            _facts.Scratch.Work.Left -= StepCosts.DigestByte * (long)source.Label.Length;
            text.Append(Encoding.UTF8.GetBytes(source.Label));
            text.Append("\n"u8);
        }

        for (int i = 0; i < places.Length; i++)
        {
            text.Append(i == 0 ? "["u8 : ","u8);
            int token = _facts.Resolve(places[i]);
            if (token < 0 || !text.TryAppend(_facts.ValueAt(source.Paths[i].Root, token)))
            {
                return null;
            }
        }

        text.Append("]"u8);
        return _digest.Of(_policyName, text.Written);
    }
}
