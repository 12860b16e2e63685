using System.Globalization;
using System.Text;
using PolicyLayer.Cli.Output;
using PolicyLayer.Cli.Stores;
using PolicyLayer.Counters;
using PolicyLayer.Redis;
using PolicyLayer.Sqlite;

namespace PolicyLayer.Cli.Commands;

/// <summary>Looks at the counters of a store, in the order of their keys, so that two looks can be compared.</summary>
internal static class CountersRun
{
    public static async Task<int> ShowAsync(CountersOptions options, CommandEnvironment environment, CancellationToken cancellationToken)
    {
        await using var stores = new ToolStores(environment);
        ICounterInventory inventory = await OpenAsync(stores, options).ConfigureAwait(false);
        IReadOnlyList<CounterStatus> counters = await ListAsync(inventory, options, cancellationToken).ConfigureAwait(false);
        if (options.Json)
        {
            CounterOutput.WriteJson(counters, environment);
        }
        else
        {
            CounterOutput.WriteTable(counters, environment);
        }

        return ExitCodes.Good;
    }

    public static async Task<int> ResetAsync(
        CountersOptions options, bool isSure, CommandEnvironment environment, CancellationToken cancellationToken)
    {
        await using var stores = new ToolStores(environment);
        ICounterInventory inventory = await OpenAsync(stores, options).ConfigureAwait(false);
        IReadOnlyList<CounterStatus> counters = await ListAsync(inventory, options, cancellationToken).ConfigureAwait(false);
        if (counters.Count > 0 && !isSure && !await AskAsync(counters.Count, environment, cancellationToken).ConfigureAwait(false))
        {
            await environment.Error.WriteLineAsync("Nothing was reset. Help: answer `y`, or give `--yes`.").ConfigureAwait(false);
            return ExitCodes.Bad;
        }

        int reset = await ResetAsync(inventory, counters, cancellationToken).ConfigureAwait(false);
        CounterOutput.WriteReset(reset, options.Json, environment);
        return ExitCodes.Good;
    }

    // All stores of the library can be looked at.
    private static async Task<ICounterInventory> OpenAsync(ToolStores stores, CountersOptions options) =>
        (ICounterInventory)await stores.OpenCountersAsync(StoreLocation.ParseExisting(options.Store, "counters")).ConfigureAwait(false);

    private static async Task<bool> AskAsync(int count, CommandEnvironment environment, CancellationToken cancellationToken)
    {
        string counters = count == 1 ? "1 counter" : string.Create(CultureInfo.InvariantCulture, $"{count} counters");
        string question = $"Reset {counters}? (`counters show` lists what; without its marks a `not_after` lets pass.) [y/N] ";
        await environment.Error.WriteAsync(question.AsMemory(), cancellationToken).ConfigureAwait(false);
        await environment.Error.FlushAsync(cancellationToken).ConfigureAwait(false);
        using var input = new StreamReader(environment.Input, Encoding.UTF8, leaveOpen: true);
        string? answer = await input.ReadLineAsync(cancellationToken).ConfigureAwait(false);
        return answer?.Trim() is "y" or "Y" or "yes";
    }

    private static async Task<IReadOnlyList<CounterStatus>> ListAsync(
        ICounterInventory inventory, CountersOptions options, CancellationToken cancellationToken)
    {
        var counters = new List<CounterStatus>();
        try
        {
            await foreach (CounterStatus counter in inventory.ListAsync(cancellationToken).ConfigureAwait(false))
            {
                if (options.Include(counter.Key))
                {
                    counters.Add(counter);
                }
            }
        }
        catch (Exception e) when (e is SqliteStoreException or RedisStoreException)
        {
            throw new CommandException(PlainTable.OneLine(e.Message));
        }

        return [.. counters.OrderBy(counter => counter.Key.ToString(), StringComparer.Ordinal)];
    }

    private static async Task<int> ResetAsync(
        ICounterInventory inventory, IReadOnlyList<CounterStatus> counters, CancellationToken cancellationToken)
    {
        int reset = 0;
        try
        {
            foreach (CounterStatus counter in counters)
            {
                reset += await inventory.ResetAsync(counter.Key, cancellationToken).ConfigureAwait(false) ? 1 : 0;
            }
        }
        catch (Exception e) when (e is SqliteStoreException or RedisStoreException)
        {
            throw new CommandException(string.Create(
                CultureInfo.InvariantCulture, $"{reset} of {counters.Count} counters were reset. {PlainTable.OneLine(e.Message)}"));
        }

        return reset;
    }
}
