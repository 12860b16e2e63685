using Microsoft.Extensions.DependencyInjection.Extensions;
using PolicyLayer.Counters;
using PolicyLayer.Sqlite;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers <see cref="SqliteCounterStore"/>.</summary>
public static class SqliteCounterServiceCollectionExtensions
{
    /// <summary>Keeps counters in a SQLite file, in place of whatever store was registered before. The container disposes the store.</summary>
    /// <param name="services">The services.</param>
    /// <param name="path">The database file. It is made if it doesn't exist; its folder isn't.</param>
    /// <param name="configure">Sets what else the store works with.</param>
    /// <exception cref="ArgumentException">An option is out of range, or no path is given.</exception>
    public static IServiceCollection AddPolicyLayerSqliteCounters(
        this IServiceCollection services, string path, Action<SqliteCounterStoreOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = new SqliteCounterStoreOptions { Path = path };
        configure?.Invoke(options);
        options.Validate();
        return services.Replace(ServiceDescriptor.Singleton<ICounterStore>(_ => new SqliteCounterStore(options)));
    }
}
