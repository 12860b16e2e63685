namespace PolicyLayer.Approvals.InMemory;

/// <summary>What counts against one bound: all that the store in memory holds, or what one grant has of it.</summary>
internal sealed class HeldShare
{
    private readonly SortedSet<HeldApproval> _remembered = new(HeldApproval.ByNext);

    /// <summary>How many there are, those included that have ended.</summary>
    public int Count { get; set; }

    public int Pending { get; private set; }

    /// <summary>The bytes of their contents.</summary>
    public long ContentBytes { get; private set; }

    /// <summary>The one that ended first; null where none has.</summary>
    public HeldApproval? OldestRemembered => _remembered.Min;

    public bool HasRoomFor(int contentBytes, long maxContentBytes) => ContentBytes <= maxContentBytes - contentBytes;

    /// <summary>Whether one more is within a bound, once one that is only remembered has made room.</summary>
    public bool HasRoom(int max) => Count < max || _remembered.Count > 0;

    public void TakeOut(HeldApproval held)
    {
        ContentBytes -= held.Content.Length;
        Pending -= held.Status == ApprovalStatus.Pending ? 1 : 0;
        _remembered.Remove(held);
    }

    public void PutBack(HeldApproval held)
    {
        ContentBytes += held.Content.Length;
        Pending += held.Status == ApprovalStatus.Pending ? 1 : 0;
        if (held.HasEnded)
        {
            _remembered.Add(held);
        }
    }
}
