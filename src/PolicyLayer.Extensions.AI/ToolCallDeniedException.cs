namespace PolicyLayer.Extensions.AI;

/// <summary>
/// A guarded function didn't run, as its call isn't allowed: thrown where <see cref="FunctionGuardOptions.ThrowsDenials"/> says so. It
/// holds no argument values.
/// </summary>
public sealed class ToolCallDeniedException : Exception
{
    /// <summary>Wraps a denial.</summary>
    /// <param name="denial">The denial.</param>
    /// <exception cref="ArgumentNullException"><paramref name="denial"/> is null.</exception>
    public ToolCallDeniedException(ToolCallDenial denial)
        : base(denial?.Message)
    {
        ArgumentNullException.ThrowIfNull(denial);
        Denial = denial;
    }

    /// <summary>Why the call isn't allowed, and what would let it through.</summary>
    public ToolCallDenial Denial { get; }
}
