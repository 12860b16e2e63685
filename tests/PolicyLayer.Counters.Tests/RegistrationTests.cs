using Microsoft.Extensions.DependencyInjection;
using PolicyLayer.Counters;
using PolicyLayer.Sqlite;

namespace PolicyLayer.Tests;

public sealed class RegistrationTests
{
    [Fact]
    public void Sqlite_takes_the_place_of_another_store()
    {
        IServiceCollection services = new ServiceCollection().AddSingleton<ICounterStore>(new InMemoryCounterStore());
        services.AddPolicyLayerSqliteCounters("counters.db", options => options.MaxCounters = 5);
        ServiceDescriptor only = Assert.Single(services);
        Assert.Equal(ServiceLifetime.Singleton, only.Lifetime);
        using var store = Assert.IsType<SqliteCounterStore>(only.ImplementationFactory!(null!));
    }

    [Fact]
    public void Redis_takes_the_place_of_another_store()
    {
        IServiceCollection services = new ServiceCollection().AddSingleton<ICounterStore>(new InMemoryCounterStore());
        services.AddPolicyLayerRedisCounters(options => options.KeyPrefix = "x:");
        Assert.Equal(typeof(ICounterStore), Assert.Single(services).ServiceType);
    }

    [Fact]
    public void Options_out_of_range_are_refused_at_once()
    {
        var services = new ServiceCollection();
        Assert.Throws<ArgumentException>(() => services.AddPolicyLayerSqliteCounters(" "));
        Assert.Throws<ArgumentOutOfRangeException>(() => services.AddPolicyLayerRedisCounters(options => options.Deadline = TimeSpan.Zero));
    }
}
