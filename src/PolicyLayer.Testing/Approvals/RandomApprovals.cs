using System.Globalization;
using PolicyLayer.Approvals;
using static PolicyLayer.Testing.Approvals.CaseApprovals;

namespace PolicyLayer.Testing.Approvals;

/// <summary>Requests and answers on a few bindings of two grants, with three calls each.</summary>
/// <param name="canExpire">Whether the clock is the operations': else periods are long, and calls many, as nothing makes room.</param>
internal sealed class RandomApprovals(bool canExpire)
{
    private static readonly long[] Lengths = [Second, 20 * Second, 2 * Minute, Period];

    private long _last;

    /// <summary>Mostly asked for again, so that one binding has several approvals.</summary>
    private string _bound = "g0";

    /// <summary>What was last asked for.</summary>
    public string Binding => BindingOf(_bound);

    /// <summary>One of the calls of what was last asked for.</summary>
    public string ExactBinding(SeededRandom random) => BindingOf(NameOfCall(random));

    public ApprovalRequest Next(SeededRandom random, long at)
    {
        if (random.Below(6) == 0)
        {
            _bound = (random.Below(2) == 0 ? "g" : "h") + random.Below(canExpire ? 8 : 200).ToString(CultureInfo.InvariantCulture);
        }

        return Request(
            ++_last,
            _bound,
            _bound[..1],
            at,
            uses: 1 + random.Below(3),
            validFor: Length(random),
            pendingFor: Length(random),
            maxPending: canExpire ? 1 + random.Below(6) : 1_000,
            mayRequest: random.Below(8) != 0,
            exact: NameOfCall(random));
    }

    public ApprovalResolve Answer(SeededRandom random, string id, long at)
    {
        if (random.Below(4) == 0)
        {
            return Refuse(id, at);
        }

        bool isExact = random.Below(2) == 0;
        return random.Below(4) switch
        {
            0 => Approve(id, at, uses: 1 + random.Below(4), isExact: isExact),
            1 => Approve(id, at, validFor: ShorterLength(random), isExact: isExact),
            _ => Approve(id, at, isExact: isExact),
        };
    }

    private string NameOfCall(SeededRandom random) => $"{_bound} {"xyz"[random.Below(3)]}";

    /// <summary>Where time goes by itself, nothing that an answer shortens may end during the run either.</summary>
    private long ShorterLength(SeededRandom random) =>
        canExpire ? Lengths[random.Below(Lengths.Length)] : (6 + random.Below(12)) * Hour;

    private long Length(SeededRandom random) => canExpire ? Lengths[random.Below(Lengths.Length)] : 12 * Hour;
}
