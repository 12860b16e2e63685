using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace PolicyLayer.Extensions.DependencyInjection;

/// <summary>
/// How registrations of a name are made and found: those of the default name have no key, those of another the name for one, and where
/// there is none of a name, the one without a key serves.
/// </summary>
internal static class NamedServices
{
    public static bool IsOf(this ServiceDescriptor descriptor, string name) => name == Options.DefaultName
        ? !descriptor.IsKeyedService
        : descriptor.IsKeyedService && name.Equals(descriptor.ServiceKey);

    public static ServiceDescriptor Singleton<T>(string name, Func<IServiceProvider, T> create)
        where T : class => name == Options.DefaultName
            ? ServiceDescriptor.Singleton(create)
            : ServiceDescriptor.KeyedSingleton(name, (provider, _) => create(provider));

    /// <summary>The service of exactly a name; null where there is none.</summary>
    public static T? GetOfName<T>(this IServiceProvider provider, string name)
        where T : class => name == Options.DefaultName ? provider.GetService<T>() : provider.GetKeyedService<T>(name);

    /// <summary>The service of a name, or else the one without a key.</summary>
    public static T? FindOfName<T>(this IServiceProvider provider, string name)
        where T : class => provider.GetOfName<T>(name) ?? provider.GetService<T>();

    /// <summary>All services of a name, or else those without a key.</summary>
    public static IReadOnlyList<T> FindAllOfName<T>(this IServiceProvider provider, string name)
        where T : class
    {
        T[] own = name == Options.DefaultName ? [] : [.. provider.GetKeyedServices<T>(name)];
        return own.Length > 0 ? own : [.. provider.GetServices<T>()];
    }
}
