using PolicyLayer.Counters;

namespace PolicyLayer.Cli.Commands;

/// <summary>What <c>counters</c> was asked to look at.</summary>
/// <param name="Store">The store.</param>
/// <param name="Grant">Only counters of this grant; null for all.</param>
/// <param name="Counter">Only counters of this name; null for all.</param>
/// <param name="Json">Whether a program reads the answer.</param>
internal sealed record CountersOptions(string Store, string? Grant, string? Counter, bool Json)
{
    public bool Include(CounterKey key) =>
        (Grant is null || key.GrantId == Grant) && (Counter is null || key.Definition.CounterName == Counter);
}
