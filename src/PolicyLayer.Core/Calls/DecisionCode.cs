namespace PolicyLayer;

/// <summary>Why a call was decided as it was. A decision has exactly one code.</summary>
/// <remarks>
/// <see cref="DecisionCodeExtensions.ToCodeString"/> gives the stable text of a code, as it stands in audit records and in the
/// output of the <c>policylayer</c> tool. The value zero denies, so that a decision that nobody made denies too.
/// </remarks>
public enum DecisionCode
{
    /// <summary>Something unforeseen broke while the call was judged.</summary>
    InternalError = 0,

    /// <summary>Nothing stood against the call.</summary>
    Allowed,

    /// <summary>The arguments are larger or nested deeper than the authorizer reads.</summary>
    ArgumentsTooLarge,

    /// <summary>The arguments aren't one well-formed JSON object with distinct names.</summary>
    ArgumentsMalformed,

    /// <summary>The facts that the host gave beside the call aren't one well-formed JSON object with distinct names.</summary>
    ContextMalformed,

    /// <summary>The policy hides the tool.</summary>
    Hidden,

    /// <summary>The policy denies by default and no entry matches the tool.</summary>
    NotListed,

    /// <summary>The tool's entry denies every call.</summary>
    ActionDeny,

    /// <summary>The arguments don't meet the entry's schema.</summary>
    ArgumentsInvalid,

    /// <summary>A rule of <c>require</c> doesn't hold.</summary>
    RequireFailed,

    /// <summary>A rule of <c>deny_if</c> holds.</summary>
    DenyIfMatched,

    /// <summary>A limit is used up.</summary>
    LimitExceeded,

    /// <summary>The amount that a limit counts is missing, isn't a number, is negative or too large.</summary>
    IncrementInvalid,

    /// <summary>A limit counts by session and the call has no session.</summary>
    SessionMissing,

    /// <summary>The counter store holds as many counters as it may.</summary>
    CounterCapacity,

    /// <summary>The counter store failed, or gave no usable answer.</summary>
    CounterStoreUnavailable,

    /// <summary>An audit sink didn't take the record.</summary>
    AuditUnavailable,
}
