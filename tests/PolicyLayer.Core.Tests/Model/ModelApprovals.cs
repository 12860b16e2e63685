using PolicyLayer.Approvals;

namespace PolicyLayer.Tests.Model;

/// <summary>What the promises of approval stores say, as a list that is searched.</summary>
internal sealed class ModelApprovals
{
    public const int MaxPending = 3;
    public const long PendingMs = 300_000;
    public const long ValidMs = 120_000;

    private const long Tolerance = 60_000;
    private const long AnHourMs = 3_600_000;

    private readonly List<Held> _all = [];

    /// <summary>An approval, and what it is bound to.</summary>
    public sealed class Held(string id, object binding, string grant, long now)
    {
        public string Id => id;

        public object Binding => binding;

        public string Grant => grant;

        public ApprovalStatus Status { get; set; } = ApprovalStatus.Pending;

        public long From { get; set; } = now;

        public long Until { get; set; } = now + PendingMs;

        public bool IsOver { get; private set; }

        public long OverAt { get; private set; }

        /// <summary>Nobody knows any more that there was one.</summary>
        public bool IsForgotten { get; private set; }

        public void End(long at)
        {
            OverAt = at;
            Status = Status is ApprovalStatus.Pending or ApprovalStatus.Approved ? ApprovalStatus.Expired : Status;
            IsOver = true;
        }

        /// <summary>What has ended is remembered for an hour, by a clock that steps back not longer.</summary>
        public void Remember(long now, long tolerance)
        {
            IsForgotten |= now >= OverAt + AnHourMs;
            OverAt = OverAt > now + tolerance ? now : OverAt;
        }

        /// <summary>Refused with another of its binding, it is over at once.</summary>
        public void RefuseWithAnother(long at)
        {
            Status = ApprovalStatus.Refused;
            End(at);
        }
    }

    /// <summary>The last that were asked for, without those that a store may have forgotten.</summary>
    public List<Held> Recent(long now) =>
        [.. _all.Skip(_all.Count - 12).Where(held => !held.IsOver || Math.Abs(now - held.OverAt) < AnHourMs / 2)];

    public void Advance(long now)
    {
        foreach (Held held in _all)
        {
            bool isAhead = held.Status != ApprovalStatus.Refused && held.From > now + Tolerance;
            if (!held.IsOver && (now >= held.Until || isAhead))
            {
                held.End(Math.Min(now, held.Until));
            }
            else if (held.IsOver)
            {
                held.Remember(now, Tolerance);
            }
        }

        _all.RemoveAll(held => held.IsForgotten && _all.Count > 100);
    }

    public Held? Find(object binding)
    {
        ApprovalStatus[] order = [ApprovalStatus.Refused, ApprovalStatus.Approved, ApprovalStatus.Pending];
        return order.Select(status => _all.Find(held => !held.IsOver && held.Status == status && held.Binding.Equals(binding)))
            .FirstOrDefault(held => held is not null);
    }

    public int PendingOf(string grant) => _all.Count(held => held.Grant == grant && held.Status == ApprovalStatus.Pending && !held.IsOver);

    public void Add(Held held) => _all.Add(held);

    public static ApprovalResolution Approve(Held held, long now)
    {
        if (held.Status != ApprovalStatus.Pending)
        {
            return Closed(held);
        }

        (held.Status, held.From, held.Until) = (ApprovalStatus.Approved, now, now + ValidMs);
        return ApprovalResolution.Done;
    }

    public ApprovalResolution Refuse(Held held, long now)
    {
        bool isOpen = held.Status is ApprovalStatus.Pending or ApprovalStatus.Approved
            || (held.Status == ApprovalStatus.Spent && !held.IsOver);
        if (!isOpen)
        {
            return Closed(held);
        }

        foreach (Held other in _all.Where(other => other != held && !other.IsOver && other.Binding.Equals(held.Binding)))
        {
            other.RefuseWithAnother(now);
        }

        (held.Status, held.From, held.Until) = (ApprovalStatus.Refused, now, now + PendingMs);
        return ApprovalResolution.Done;
    }

    public static void Return(Held held)
    {
        if (held is { Status: ApprovalStatus.Spent, IsOver: false })
        {
            held.Status = ApprovalStatus.Approved;
        }
    }

    private static ApprovalResolution Closed(Held held) => held.Status switch
    {
        ApprovalStatus.Approved => ApprovalResolution.NotNeeded,
        ApprovalStatus.Spent => ApprovalResolution.Spent,
        ApprovalStatus.Refused => ApprovalResolution.Refused,
        _ => ApprovalResolution.Expired,
    };
}
