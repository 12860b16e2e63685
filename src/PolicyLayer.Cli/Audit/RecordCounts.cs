namespace PolicyLayer.Cli.Audit;

/// <summary>How many records there are of decisions and their corrections.</summary>
internal sealed class RecordCounts
{
    public long Calls { get; private set; }

    public long Allowed { get; private set; }

    public long Denied { get; private set; }

    public long Asked { get; private set; }

    /// <summary>Allows that became denials. Whether the log has the allow isn't known.</summary>
    public long Corrected { get; private set; }

    public long Records => Calls + Corrected;

    public void Add(string outcome, bool isCorrection)
    {
        if (isCorrection)
        {
            Corrected++;
            return;
        }

        Calls++;
        Allowed += outcome == "allow" ? 1 : 0;
        Denied += outcome == "deny" ? 1 : 0;
        Asked += outcome == "approval_required" ? 1 : 0;
    }
}
