using PolicyLayer.Regexes;

namespace PolicyLayer;

/// <summary>How a policy document is read. Not thread-safe while it is being set up.</summary>
public sealed class PolicyLoadOptions
{
    internal static PolicyLoadOptions Default { get; } = new();

    /// <summary>The policy's name, in place of the document's own, from 1 to 128 characters; null keeps the document's.</summary>
    public string? Name { get; set; }

    /// <summary>The largest document that is read, in bytes. 16 MiB by default, at least 1.</summary>
    public int MaxBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>How deep a document may nest; the document itself is depth 1. 64 by default, from 1 to 1,000.</summary>
    public int MaxDepth { get; set; } = 64;

    /// <summary>How many entries <c>tools</c> may have. 100,000 by default, at least 1.</summary>
    public int MaxTools { get; set; } = 100_000;

    /// <summary>
    /// How many patterns of <c>hide</c> and <c>tools</c> together may have a <c>*</c> elsewhere than only at their end: a call may look at
    /// each of them. 1,000 by default, at least 1.
    /// </summary>
    public int MaxWildcardPatterns { get; set; } = 1_000;

    /// <summary>How many conditions a rule may have. 256 by default, at least 1.</summary>
    public int MaxConditionsPerRule { get; set; } = 256;

    /// <summary>How long a regex may be, in UTF-16 units. 4,096 by default, at least 1.</summary>
    public int MaxRegexLength { get; set; } = 4_096;

    /// <summary>
    /// How many states the automaton of a regex may have: what is repeated counts as often as it may stand there. 10,000 by default, from
    /// 1 to 1,000,000.
    /// </summary>
    public int MaxRegexStates { get; set; } = RegexDialect.DefaultMaxStates;

    /// <summary>
    /// How much a regex may remember of the texts that it has read, in bytes, so that the next is read faster. 65,536 by default, from 0
    /// to 1 GiB: with 0 every text is read as if it were the first. No decision depends on it.
    /// </summary>
    public int MaxRegexCacheBytes { get; set; } = RegexDialect.DefaultCacheBytes;

    /// <summary>How much the regexes of the policy may remember together, in bytes. 16 MiB by default, at least 0.</summary>
    public long MaxRegexCacheBytesInAll { get; set; } = RegexDialect.DefaultCacheBytesInAll;

    internal void Validate()
    {
        if (Name is not null && Name.Length is 0 or > 128)
        {
            throw new ArgumentException("A policy's name has 1 to 128 characters.");
        }

        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxBytes);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxDepth);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxDepth, 1_000);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxTools);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxWildcardPatterns);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxConditionsPerRule);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxRegexLength);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxRegexStates);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxRegexStates, 1_000_000);
        ArgumentOutOfRangeException.ThrowIfNegative(MaxRegexCacheBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxRegexCacheBytes, 1024 * 1024 * 1024);
        ArgumentOutOfRangeException.ThrowIfNegative(MaxRegexCacheBytesInAll);
    }
}
