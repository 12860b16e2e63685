namespace PolicyLayer.Auditing;

/// <summary>
/// Signs the checkpoints of a log with ECDSA over P-256, so that whoever has the public key can tell them from all others. Keys may stay
/// where they are: in memory (<see cref="EcdsaAuditSigner"/>), a module or a service. Implementations are safe for use by any number of
/// threads at once.
/// </summary>
/// <remarks>The notes have the form of C2SP's signed-note and tlog-checkpoint; <c>schema/audit.md</c> of the project has it.</remarks>
public interface IAuditSigner
{
    /// <summary>
    /// What the log is called in its checkpoints, and the key in their signatures: 1 to 255 letters and digits of ASCII, <c>.</c>,
    /// <c>_</c>, <c>/</c> and <c>-</c>, as in <c>example.com/payments</c>. No two logs of a key should share one. It never changes.
    /// </summary>
    string Origin { get; }

    /// <summary>The public key, a SubjectPublicKeyInfo in DER. It never changes.</summary>
    ReadOnlyMemory<byte> PublicKey { get; }

    /// <summary>Signs.</summary>
    /// <param name="text">What is signed, before it is hashed.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>
    /// The ECDSA signature of the text's SHA-256, in DER (<c>Rfc3279DerSequence</c>, of which .NET's default is another form). The sink
    /// checks it before it is written.
    /// </returns>
    ValueTask<ReadOnlyMemory<byte>> SignAsync(ReadOnlyMemory<byte> text, CancellationToken cancellationToken = default);
}
