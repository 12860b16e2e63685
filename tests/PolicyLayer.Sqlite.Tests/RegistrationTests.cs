using Microsoft.Extensions.DependencyInjection;
using PolicyLayer.Counters;
using PolicyLayer.Extensions.DependencyInjection;
using PolicyLayer.Sqlite;

namespace PolicyLayer.Tests.Sqlite;

public sealed class RegistrationTests
{
    private readonly ServiceCollection _services = new();
    private readonly PolicyLayerBuilder _builder;

    public RegistrationTests()
    {
        _builder = _services.AddPolicyLayer(options => options.UsePolicyJson("""{ "version": "1", "default": "allow" }"""));
    }

    [Fact]
    public void Takes_the_place_of_another_store()
    {
        _builder.UseSqliteCounters("counters.db", options => options.MaxCounters = 5);
        ServiceDescriptor only = Assert.Single(_services, service => service.ServiceType == typeof(ICounterStore));
        Assert.Equal(ServiceLifetime.Singleton, only.Lifetime);
        using var store = Assert.IsType<SqliteCounterStore>(only.ImplementationFactory!(null!));
    }

    [Fact]
    public void Options_out_of_range_are_refused_at_once() =>
        Assert.Throws<ArgumentException>(() => _builder.UseSqliteCounters(" "));
}
