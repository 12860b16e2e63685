using System.Globalization;

namespace PolicyLayer.Auditing.Verification;

/// <summary>What is said of a log that isn't what a checkpoint signs.</summary>
internal static class CheckpointFault
{
    /// <summary>Its lines are others.</summary>
    /// <param name="checkpoints">The file of the checkpoints.</param>
    /// <param name="line">Where the checkpoint begins there; 0 where it stands elsewhere.</param>
    /// <param name="size">How many lines it signs.</param>
    public static AuditLogFault Differs(string checkpoints, long line, long size) => new(
        AuditFaultKind.CheckpointDiffers,
        checkpoints,
        line,
        size,
        string.Create(
            CultureInfo.InvariantCulture,
            $"The first {size} lines of the log aren't those that the checkpoint signs: the log was written anew."));

    /// <summary>Its lines are fewer.</summary>
    /// <inheritdoc cref="Differs"/>
    public static AuditLogFault CutOff(string checkpoints, long line, long size) => new(
        AuditFaultKind.CutOff,
        checkpoints,
        line,
        size,
        string.Create(
            CultureInfo.InvariantCulture,
            $"The checkpoint signs {size} lines, and the log ends before: lines were cut off its end, or its latest files aren't named."));
}
