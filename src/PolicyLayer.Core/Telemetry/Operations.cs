using PolicyLayer.Calls;

namespace PolicyLayer.Telemetry;

/// <summary>The words for what was being done, in metrics.</summary>
internal static class Operations
{
    public static WireNameTable<FaultKind> Names { get; } = new(
        (FaultKind.Judging, "judging"),
        (FaultKind.Clock, "clock"),
        (FaultKind.CounterReserve, "counter_reserve"),
        (FaultKind.CounterRelease, "counter_release"),
        (FaultKind.AuditWrite, "audit_write"),
        (FaultKind.GrantResolve, "grant_resolve"),
        (FaultKind.ApprovalAsk, "approval_ask"),
        (FaultKind.ApprovalSpend, "approval_spend"),
        (FaultKind.ApprovalReturn, "approval_return"),
        (FaultKind.ApprovalNotify, "approval_notify"),
        (FaultKind.AuditDropped, "audit_dropped"),
        (FaultKind.Malformed, "malformed"),
        (FaultKind.Reload, "reload"));
}
