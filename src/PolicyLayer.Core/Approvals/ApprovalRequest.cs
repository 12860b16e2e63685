namespace PolicyLayer.Approvals;

/// <summary>What the engine asks of a store for one call that rules want approved. Immutable.</summary>
public sealed class ApprovalRequest
{
    /// <summary>The host's clock. A store may keep its own time instead.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The id of the request, should one be made: 32 lower-case hexadecimal digits, 128 random bits.</summary>
    public required string NewId { get; init; }

    /// <summary>
    /// What the approval is bound to: a digest of 64 lower-case hexadecimal digits over server, grant, session, tool, canonical arguments
    /// or the values among them that the policy's <c>same</c> names, what rules read of the context, revision and the rules that ask.
    /// </summary>
    public required string Binding { get; init; }

    /// <summary>
    /// The same over this very call, with its canonical arguments: what the approval is bound to besides, should the person who approves
    /// narrow it to this call. Where the policy has no <c>same</c> it is <see cref="Binding"/> itself.
    /// </summary>
    public required string ExactBinding { get; init; }

    /// <summary>Whose call it is.</summary>
    public required string GrantId { get; init; }

    /// <summary>Whether a request is made where there is nothing; else the answer is then <see cref="ApprovalAnswer.Nothing"/>.</summary>
    public required bool MayRequest { get; init; }

    /// <summary>How many pending requests the grant may have, at least 1.</summary>
    public required int MaxPending { get; init; }

    /// <summary>For how long the request can be answered, and a refusal holds.</summary>
    public required TimeSpan PendingFor { get; init; }

    /// <summary>What the approval would cover, unless the person who approves narrows it.</summary>
    public required ApprovalTerms Terms { get; init; }

    /// <summary>
    /// What a person has to see, for the store to keep and not to read: it holds argument values. Not to be written to once handed over.
    /// </summary>
    public required ReadOnlyMemory<byte> Content { get; init; }
}
