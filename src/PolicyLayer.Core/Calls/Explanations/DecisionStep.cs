namespace PolicyLayer.Calls;

/// <summary>The numbers of the steps that a call meets, as explanations give them.</summary>
internal static class DecisionStep
{
    public const int Grant = 1;
    public const int Form = 2;
    public const int Listing = 4;
    public const int Arguments = 6;
    public const int Require = 7;
    public const int DenyIf = 8;
    public const int OrderBeforeApproval = 9;
    public const int Approval = 10;
    public const int Limits = 11;

    private const int Hide = 3;
    private const int Action = 5;

    /// <summary>The step that gives a code to a call which the tool's entry has not judged; 0 for codes of later steps.</summary>
    public static int OfEntry(this DecisionCode code) => code switch
    {
        DecisionCode.GrantUnknown or DecisionCode.GrantRevoked or DecisionCode.GrantExpired => Grant,
        DecisionCode.NoPolicy or DecisionCode.GrantResolverUnavailable => Grant,
        DecisionCode.ArgumentsTooLarge or DecisionCode.ArgumentsMalformed or DecisionCode.ContextMalformed => Form,
        DecisionCode.InternalError => Form,
        DecisionCode.Hidden => Hide,
        DecisionCode.NotListed => Listing,
        DecisionCode.ActionDeny => Action,
        _ => 0,
    };

    /// <summary>The step that gives a code to a call which came to schema and rules.</summary>
    /// <param name="code">The code.</param>
    /// <param name="orders">The step in which the call's orders are looked at.</param>
    public static int OfJudgement(this DecisionCode code, int orders) => code switch
    {
        DecisionCode.ArgumentsInvalid => Arguments,
        DecisionCode.RequireFailed => Require,
        DecisionCode.DenyIfMatched => DenyIf,
        DecisionCode.OrderViolated or DecisionCode.CounterStoreUnavailable => orders,
        DecisionCode.ApprovalRequired or DecisionCode.ApprovalDenied or DecisionCode.ApprovalStoreUnavailable => Approval,
        _ => Limits,
    };

    /// <summary>Whether a call with this code came to schema and rules.</summary>
    public static bool IsAfterEntry(this DecisionCode code) => code.OfEntry() == 0;
}
