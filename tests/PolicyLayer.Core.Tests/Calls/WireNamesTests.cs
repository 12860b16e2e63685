using PolicyLayer.Counters;

namespace PolicyLayer.Tests.Calls;

/// <summary>Numbers and texts that programs keep: a change here breaks logs, stores and callers that were compiled before it.</summary>
public sealed class WireNamesTests
{
    public static TheoryData<Enum, int, string> Names { get; } = new()
    {
        { DecisionCode.InternalError, 0, "internal_error" },
        { DecisionCode.Allowed, 1, "allowed" },
        { DecisionCode.GrantUnknown, 100, "grant_unknown" },
        { DecisionCode.GrantRevoked, 101, "grant_revoked" },
        { DecisionCode.GrantExpired, 102, "grant_expired" },
        { DecisionCode.NoPolicy, 103, "no_policy" },
        { DecisionCode.GrantResolverUnavailable, 104, "grant_resolver_unavailable" },
        { DecisionCode.ArgumentsTooLarge, 200, "arguments_too_large" },
        { DecisionCode.ArgumentsMalformed, 201, "arguments_malformed" },
        { DecisionCode.ContextMalformed, 202, "context_malformed" },
        { DecisionCode.Hidden, 300, "hidden" },
        { DecisionCode.NotListed, 301, "not_listed" },
        { DecisionCode.ActionDeny, 302, "action_deny" },
        { DecisionCode.ArgumentsInvalid, 400, "arguments_invalid" },
        { DecisionCode.RequireFailed, 500, "require_failed" },
        { DecisionCode.DenyIfMatched, 501, "deny_if_matched" },
        { DecisionCode.OrderViolated, 600, "order_violated" },
        { DecisionCode.ApprovalRequired, 700, "approval_required" },
        { DecisionCode.ApprovalDenied, 701, "approval_denied" },
        { DecisionCode.ApprovalLimit, 702, "approval_limit" },
        { DecisionCode.ApprovalStoreUnavailable, 703, "approval_store_unavailable" },
        { DecisionCode.ApprovalSpent, 704, "approval_spent" },
        { DecisionCode.LimitExceeded, 800, "limit_exceeded" },
        { DecisionCode.IncrementInvalid, 801, "increment_invalid" },
        { DecisionCode.PartitionMissing, 802, "partition_missing" },
        { DecisionCode.SessionMissing, 803, "session_missing" },
        { DecisionCode.CounterCapacity, 804, "counter_capacity" },
        { DecisionCode.CounterStoreUnavailable, 805, "counter_store_unavailable" },
        { DecisionCode.AuditUnavailable, 900, "audit_unavailable" },
        { DecisionOutcome.Deny, 0, "deny" },
        { DecisionOutcome.Allow, 1, "allow" },
        { DecisionOutcome.ApprovalRequired, 2, "approval_required" },
        { ToolCallOutcome.Succeeded, 0, "succeeded" },
        { ToolCallOutcome.Failed, 1, "failed" },
        { ToolCallOutcome.NotExecuted, 2, "not_executed" },
        { ToolRisk.Unspecified, 0, "unspecified" },
        { ToolRisk.Read, 1, "read" },
        { ToolRisk.Write, 2, "write" },
        { ToolRisk.Execute, 3, "execute" },
        { ToolRisk.Destructive, 4, "destructive" },
        { ToolRisk.Financial, 5, "financial" },
        { ToolRisk.Other, 6, "other" },
        { SessionSource.Host, 0, "host" },
        { SessionSource.Claim, 1, "claim" },
        { SessionSource.Header, 2, "header" },
        { SessionSource.McpSession, 3, "mcp_session" },
        { SessionSource.Process, 4, "process" },
        { ToolAvailability.Never, 0, "never" },
        { ToolAvailability.Hidden, 1, "hidden" },
        { ToolAvailability.Callable, 2, "callable" },
        { DiagnosticSeverity.Warning, 0, "warning" },
        { DiagnosticSeverity.Error, 1, "error" },
        { CounterScope.Grant, 0, "grant" },
        { CounterScope.Session, 1, "session" },
        { CounterScope.Policy, 2, "policy" },
        { CounterAlgorithm.Fixed, 0, "fixed" },
        { CounterAlgorithm.Sliding, 1, "sliding" },
        { CounterAlgorithm.Recent, 2, "recent" },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Numbers_and_texts_stay(Enum value, int number, string text)
    {
        Assert.Equal(number, Convert.ToInt32(value, null));
        Assert.Equal(text, TextOf(value));
        Assert.Equal(value, Parse(value, text));
        Assert.Null(Parse(value, text.ToUpperInvariant()));
        Assert.Null(Parse(value, text + " "));
        Assert.Null(Parse(value, ""));
        Assert.Null(Parse(value, null));
    }

    [Fact]
    public void Every_value_is_pinned()
    {
        Enum[] pinned = [.. Names.Select(row => (Enum)row[0])];
        Enum[] all =
        [
            .. pinned.Select(value => value.GetType()).Distinct().SelectMany(type => Enum.GetValues(type).Cast<Enum>()),
        ];
        Assert.Equal(all.Length, pinned.Length);
        Assert.Empty(all.Except(pinned));
    }

    [Fact]
    public void A_value_of_no_name_throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ((DecisionCode)2).ToWireString());
        Assert.Throws<ArgumentOutOfRangeException>(() => ((DecisionOutcome)3).ToWireString());
        Assert.Throws<ArgumentOutOfRangeException>(() => ((ToolCallOutcome)(-1)).ToWireString());
    }

    private static string TextOf(Enum value) => value switch
    {
        DecisionCode code => code.ToWireString(),
        DecisionOutcome outcome => outcome.ToWireString(),
        ToolCallOutcome outcome => outcome.ToWireString(),
        ToolRisk risk => risk.ToWireString(),
        SessionSource source => source.ToWireString(),
        ToolAvailability availability => availability.ToWireString(),
        DiagnosticSeverity severity => severity.ToWireString(),
        CounterScope scope => scope.ToWireString(),
        CounterAlgorithm algorithm => algorithm.ToWireString(),
        _ => throw new ArgumentException("An enum without texts.", nameof(value)),
    };

    private static Enum? Parse(Enum kind, string? text) => kind switch
    {
        DecisionCode => WireNames.TryParse(text, out DecisionCode code) ? code : null,
        DecisionOutcome => WireNames.TryParse(text, out DecisionOutcome outcome) ? outcome : null,
        ToolCallOutcome => WireNames.TryParse(text, out ToolCallOutcome outcome) ? outcome : null,
        SessionSource => WireNames.TryParse(text, out SessionSource source) ? source : null,
        ToolAvailability => WireNames.TryParse(text, out ToolAvailability availability) ? availability : null,
        ToolRisk => WireNames.TryParse(text, out ToolRisk risk) ? risk : null,
        DiagnosticSeverity => DiagnosticWireNames.TryParse(text, out DiagnosticSeverity severity) ? severity : null,
        CounterScope => CounterWireNames.TryParse(text, out CounterScope scope) ? scope : null,
        CounterAlgorithm => CounterWireNames.TryParse(text, out CounterAlgorithm algorithm) ? algorithm : null,
        _ => throw new ArgumentException("An enum without texts.", nameof(kind)),
    };
}
