using PolicyLayer.Counters;

namespace PolicyLayer.Cli;

/// <summary>Where <c>--counters</c> says that counters are kept.</summary>
internal static class CounterStores
{
    public const string Memory = "memory";

    /// <exception cref="CommandException">The text names no store.</exception>
    public static ICounterStore Open(string location) => location switch
    {
        Memory => new InMemoryCounterStore(),
        _ => throw new CommandException($"{QuotedText.Of(location)} is not a place for counters. Help: use `memory`."),
    };
}
