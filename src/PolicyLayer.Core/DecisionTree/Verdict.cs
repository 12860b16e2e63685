namespace PolicyLayer.DecisionTree;

/// <summary>All of a decision that the policy alone determines. Built once and shared by every decision that it fits.</summary>
internal sealed class Verdict
{
    private const string Prefix = "[POLICY DENIED] ";

    private Verdict(DecisionCode code, PolicyIdentity policy, ToolRisk risk, string rule, string? ruleName, string? message)
    {
        Code = code;
        Policy = policy;
        Risk = risk;
        Rule = rule;
        RuleName = ruleName;
        Message = message;
    }

    /// <summary>What a decision that nobody made says.</summary>
    public static Verdict Undecided { get; } = Deny(DecisionCode.InternalError, new PolicyIdentity("", ""), ToolRisk.Unspecified);

    public DecisionCode Code { get; }

    public PolicyIdentity Policy { get; }

    public ToolRisk Risk { get; }

    /// <summary>The JSON Pointer of what decided, or empty.</summary>
    public string Rule { get; }

    /// <summary>The name that the policy gives the deciding rule, or null.</summary>
    public string? RuleName { get; }

    public string? Message { get; }

    /// <summary>The limits that an allow still hangs on, or null.</summary>
    public LimitPlan? Limits { get; private init; }

    public static Verdict Allow(PolicyIdentity policy, ToolRisk risk, LimitPlan? limits = null) =>
        new(DecisionCode.Allowed, policy, risk, "", null, null) { Limits = limits };

    /// <summary>
    /// A denial, or a call that waits for approval and is no more allowed than one; with the author's words for the agent or, without any,
    /// words made from the code.
    /// </summary>
    public static Verdict Deny(
        DecisionCode code, PolicyIdentity policy, ToolRisk risk, string rule = "", string? message = null, string? ruleName = null) =>
        new(code, policy, risk, rule, ruleName, Prefix + (message ?? DefaultMessage(code)));

    private static string DefaultMessage(DecisionCode code) => code switch
    {
        DecisionCode.GrantUnknown => "The grant is not known.",
        DecisionCode.GrantRevoked => "The grant was revoked.",
        DecisionCode.GrantExpired => "The grant has expired.",
        DecisionCode.NoPolicy => "The grant has no policy.",
        DecisionCode.GrantResolverUnavailable => "The grant could not be looked up.",
        DecisionCode.ArgumentsTooLarge => "The arguments are too large or nested too deep.",
        DecisionCode.ArgumentsMalformed => "The arguments are not one well-formed JSON object with distinct names.",
        DecisionCode.ContextMalformed => "The call's context is not one well-formed JSON object with distinct names.",
        DecisionCode.Hidden => "This tool is not available.",
        DecisionCode.NotListed => "This tool is not listed in the policy.",
        DecisionCode.ActionDeny => "This tool may not be called.",
        DecisionCode.ArgumentsInvalid => "The arguments do not meet the tool's schema.",
        DecisionCode.RequireFailed => "The call does not meet a rule that the policy requires.",
        DecisionCode.DenyIfMatched => "The call matches a rule that the policy denies.",
        DecisionCode.OrderViolated => "Another call must go before this one, or must not have gone before it.",
        DecisionCode.ApprovalRequired => "The call needs the approval of a person.",
        DecisionCode.ApprovalDenied => "A person refused the call.",
        DecisionCode.ApprovalLimit => "Too many calls wait for approval.",
        DecisionCode.ApprovalStoreUnavailable => "Approvals could not be looked up.",
        DecisionCode.ApprovalSpent => "The approval was spent by another call.",
        DecisionCode.LimitExceeded => "A limit is used up.",
        DecisionCode.IncrementInvalid => "The amount that a limit counts is missing or not usable.",
        DecisionCode.PartitionMissing => "A limit counts by a value that the call does not have.",
        DecisionCode.SessionMissing => "A limit counts by session and the call has none.",
        DecisionCode.CounterCapacity => "Too many counters are in use.",
        DecisionCode.CounterStoreUnavailable => "The call could not be counted.",
        DecisionCode.AuditUnavailable => "The call could not be recorded.",
        _ => "The call could not be judged.",
    };
}
