using PolicyLayer.Text;

namespace PolicyLayer.DecisionTree.Verdicts;

/// <summary>All of a decision that the policy alone determines. Built once and shared by every decision that it fits.</summary>
internal sealed class Verdict
{
    private const string Prefix = "[POLICY DENIED] ";

    private readonly Place _place;
    private readonly bool _tellsWait;
    private string? _rule;

    private Verdict(
        DecisionCode code, PolicyIdentity policy, ToolRisk risk, Place place, string? ruleName, string? message, bool tellsWait = false)
    {
        _tellsWait = tellsWait;
        Code = code;
        Policy = policy;
        Risk = risk;
        _place = place;
        RuleName = ruleName;
        Message = message;
    }

    /// <summary>What a decision that nobody made says.</summary>
    public static Verdict Undecided { get; } = Deny(DecisionCode.InternalError, new PolicyIdentity("", ""), ToolRisk.Unspecified);

    public DecisionCode Code { get; }

    public PolicyIdentity Policy { get; }

    public ToolRisk Risk { get; }

    /// <summary>The JSON Pointer of what decided, or empty. Written when it is first read.</summary>
    public string Rule => _rule ??= _place.Pointer;

    /// <summary>The name that the policy gives the deciding rule, or null.</summary>
    public string? RuleName { get; }

    /// <summary>What to tell the agent, but for when to come back; null for an allow.</summary>
    public string? Message { get; }

    /// <summary>The message without what all of them begin with; null for an allow.</summary>
    public string? Words => Message?[Prefix.Length..];

    /// <summary>The approval that the call waits for or was refused; null for none. Only of a verdict on one call.</summary>
    public string? ApprovalId { get; private init; }

    public static Verdict Allow(PolicyIdentity policy, ToolRisk risk) => new(DecisionCode.Allowed, policy, risk, Place.Root, null, null);

    /// <summary>
    /// A denial, or a call that waits for approval and is no more allowed than one; with the author's words for the agent or, without any,
    /// words made from the code.
    /// </summary>
    /// <param name="code">Why.</param>
    /// <param name="policy">The policy.</param>
    /// <param name="risk">The tool's risk.</param>
    /// <param name="place">What decided; null for no part of the policy.</param>
    /// <param name="message">The words, without the prefix; null for those of the code.</param>
    /// <param name="ruleName">The deciding rule's name, or null.</param>
    /// <param name="tellsWait">Whether a message goes on with when to come back, which each decision knows for itself.</param>
    public static Verdict Deny(
        DecisionCode code,
        PolicyIdentity policy,
        ToolRisk risk,
        Place? place = null,
        string? message = null,
        string? ruleName = null,
        bool tellsWait = false) =>
        new(code, policy, risk, place ?? Place.Root, ruleName, message is null ? DefaultMessage(code) : Prefix + message, tellsWait);

    /// <summary>The same place and rule, for another reason that one call has.</summary>
    /// <param name="code">The reason.</param>
    /// <param name="message">The words, without the prefix; null for those of the code.</param>
    /// <param name="approvalId">The approval that it is about, or null.</param>
    /// <param name="tellsWait">Whether the message goes on with when to come back.</param>
    public Verdict Under(DecisionCode code, string? message = null, string? approvalId = null, bool tellsWait = false) =>
        new(code, Policy, Risk, _place, RuleName, message is null ? DefaultMessage(code) : Prefix + message, tellsWait)
        {
            ApprovalId = approvalId,
        };

    /// <summary>The same for a call that waits for an approval.</summary>
    public Verdict WithApproval(string approvalId) => new(Code, Policy, Risk, _place, RuleName, Message) { ApprovalId = approvalId };

    /// <summary>What to tell the agent of one decision. Where that says when to come back it is written anew each time.</summary>
    /// <param name="retryAfterMilliseconds">How long the call has to wait; 0 when waiting doesn't help.</param>
    public string? MessageWith(long retryAfterMilliseconds) => _tellsWait && retryAfterMilliseconds > 0
        ? $"{Message} Try again in {WaitWords.Of(retryAfterMilliseconds)}."
        : Message;

    private static string DefaultMessage(DecisionCode code) => code switch
    {
        DecisionCode.GrantUnknown => Prefix + "The grant is not known.",
        DecisionCode.GrantRevoked => Prefix + "The grant was revoked.",
        DecisionCode.GrantExpired => Prefix + "The grant has expired.",
        DecisionCode.NoPolicy => Prefix + "The grant has no policy.",
        DecisionCode.GrantResolverUnavailable => Prefix + "The grant could not be looked up.",
        DecisionCode.ArgumentsTooLarge => Prefix + "The arguments are too large or nested too deep.",
        DecisionCode.ArgumentsMalformed => Prefix + "The arguments are not one well-formed JSON object with distinct names.",
        DecisionCode.ContextMalformed => Prefix + "The call's context is not one well-formed JSON object with distinct names.",
        DecisionCode.Hidden => Prefix + "This tool is not available.",
        DecisionCode.NotListed => Prefix + "This tool is not listed in the policy.",
        DecisionCode.ActionDeny => Prefix + "This tool may not be called.",
        DecisionCode.ArgumentsInvalid => Prefix + "The arguments do not meet the tool's schema.",
        DecisionCode.RequireFailed => Prefix + "The call does not meet a rule that the policy requires.",
        DecisionCode.DenyIfMatched => Prefix + "The call matches a rule that the policy denies.",
        DecisionCode.OrderViolated => Prefix + "Another call must go before this one, or must not have gone before it.",
        DecisionCode.ApprovalRequired => Prefix + "The call needs the approval of a person.",
        DecisionCode.ApprovalDenied => Prefix + "A person refused the call.",
        DecisionCode.ApprovalLimit => Prefix + "Too many calls wait for approval.",
        DecisionCode.ApprovalStoreUnavailable => Prefix + "Approvals could not be looked up.",
        DecisionCode.ApprovalSpent => Prefix + "The approval was spent by another call.",
        DecisionCode.LimitExceeded => Prefix + "A limit is used up.",
        DecisionCode.IncrementInvalid => Prefix + "The amount that a limit counts is missing or not usable.",
        DecisionCode.PartitionMissing => Prefix + "A limit counts by a value that the call does not have.",
        DecisionCode.SessionMissing => Prefix + "A limit or an order goes by the session, and the host has given the call none.",
        DecisionCode.CounterCapacity => Prefix + "Too many counters are in use.",
        DecisionCode.CounterStoreUnavailable => Prefix + "The call could not be counted.",
        DecisionCode.AuditUnavailable => Prefix + "The call could not be recorded.",
        _ => Prefix + "The call could not be judged.",
    };
}
