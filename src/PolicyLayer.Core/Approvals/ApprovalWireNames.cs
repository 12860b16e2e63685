using PolicyLayer.Calls;

namespace PolicyLayer.Approvals;

/// <summary>The texts of approvals' words, as they stand in stores and in the tool's output. They never change between versions.</summary>
public static class ApprovalWireNames
{
    internal static WireNameTable<ApprovalStatus> Statuses { get; } = new(
        (ApprovalStatus.Unknown, "unknown"),
        (ApprovalStatus.Pending, "pending"),
        (ApprovalStatus.Approved, "approved"),
        (ApprovalStatus.Refused, "refused"),
        (ApprovalStatus.Spent, "spent"),
        (ApprovalStatus.Expired, "expired"));

    internal static WireNameTable<ApprovalResolution> Resolutions { get; } = new(
        (ApprovalResolution.Unknown, "unknown"),
        (ApprovalResolution.Done, "done"),
        (ApprovalResolution.Expired, "expired"),
        (ApprovalResolution.Spent, "spent"),
        (ApprovalResolution.Refused, "refused"),
        (ApprovalResolution.NotAllowed, "not_allowed"),
        (ApprovalResolution.NotNeeded, "not_needed"));

    /// <summary>The text of where an approval stands, such as <c>pending</c>.</summary>
    /// <param name="status">A status of this library.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value isn't a status of this library.</exception>
    public static string ToWireString(this ApprovalStatus status) => Statuses.TextOf(status);

    /// <summary>The text of what became of an answer, such as <c>not_allowed</c>.</summary>
    /// <param name="resolution">A resolution of this library.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value isn't a resolution of this library.</exception>
    public static string ToWireString(this ApprovalResolution resolution) => Resolutions.TextOf(resolution);
}
