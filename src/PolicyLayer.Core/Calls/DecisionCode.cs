namespace PolicyLayer;

/// <summary>Why a call was decided as it was. A decision has exactly one code.</summary>
/// <remarks>
/// <see cref="WireNames.ToWireString(DecisionCode)"/> gives the stable text of a code, as it stands in audit records and in the output of
/// the <c>policylayer</c> tool. Numbers never change and are never used again; their hundreds go with the steps in which a call is
/// judged. The value zero denies, so that a decision that nobody made denies too. New codes may come: treat one that you don't know by
/// <see cref="ToolCallDecision.Outcome"/>.
/// </remarks>
public enum DecisionCode
{
    /// <summary>Something unforeseen broke while the call was judged.</summary>
    InternalError = 0,

    /// <summary>Nothing stood against the call.</summary>
    Allowed = 1,

    /// <summary>No grant has the call's id.</summary>
    GrantUnknown = 100,

    /// <summary>The grant was revoked.</summary>
    GrantRevoked = 101,

    /// <summary>The grant has expired.</summary>
    GrantExpired = 102,

    /// <summary>The grant has no policy.</summary>
    NoPolicy = 103,

    /// <summary>The grant couldn't be looked up.</summary>
    GrantResolverUnavailable = 104,

    /// <summary>The arguments, or what was answered to the tool, are larger or nested deeper than the authorizer reads.</summary>
    ArgumentsTooLarge = 200,

    /// <summary>The arguments, or what was answered to the tool, aren't one well-formed JSON object with distinct names.</summary>
    ArgumentsMalformed = 201,

    /// <summary>The facts that the host gave beside the call aren't one well-formed JSON object with distinct names.</summary>
    ContextMalformed = 202,

    /// <summary>The policy hides the tool.</summary>
    Hidden = 300,

    /// <summary>The policy denies by default and no entry matches the tool.</summary>
    NotListed = 301,

    /// <summary>The tool's entry denies every call.</summary>
    ActionDeny = 302,

    /// <summary>The arguments don't meet the entry's schema.</summary>
    ArgumentsInvalid = 400,

    /// <summary>A rule of <c>require</c> doesn't hold.</summary>
    RequireFailed = 500,

    /// <summary>A rule of <c>deny_if</c> holds.</summary>
    DenyIfMatched = 501,

    /// <summary>A call that must have gone before didn't, or one that must not have did.</summary>
    OrderViolated = 600,

    /// <summary>The call waits for a person's approval: it isn't allowed.</summary>
    ApprovalRequired = 700,

    /// <summary>A person refused the call. This release doesn't produce it.</summary>
    ApprovalDenied = 701,

    /// <summary>Too many of the grant's calls wait for approval. This release doesn't produce it.</summary>
    ApprovalLimit = 702,

    /// <summary>The approval store failed, or gave no usable answer. This release doesn't produce it.</summary>
    ApprovalStoreUnavailable = 703,

    /// <summary>Another call spent the approval first. This release doesn't produce it.</summary>
    ApprovalSpent = 704,

    /// <summary>A limit is used up.</summary>
    LimitExceeded = 800,

    /// <summary>The amount that a limit counts is missing, isn't a number, is negative or too large.</summary>
    IncrementInvalid = 801,

    /// <summary>A limit counts by a value that the call doesn't have, or an order goes by one that its mark would need.</summary>
    PartitionMissing = 802,

    /// <summary>A limit or an order goes by the session and the call has none.</summary>
    SessionMissing = 803,

    /// <summary>The counter store holds as many counters as it may.</summary>
    CounterCapacity = 804,

    /// <summary>The counter store failed, or gave no usable answer.</summary>
    CounterStoreUnavailable = 805,

    /// <summary>An audit sink didn't take the record.</summary>
    AuditUnavailable = 900,
}
