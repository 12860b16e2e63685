using Microsoft.Extensions.Configuration;

namespace PolicyLayer.Extensions.DependencyInjection;

/// <summary>Sets options by a section of a configuration. What is wrong with it is kept, to be told with all else.</summary>
internal static class ConfigurationReading
{
    public static void Read(IConfiguration section, PolicyLayerOptions options)
    {
        options.ConfigurationFailures.AddRange(ConfigurationKeys.FindFaults(section));
        try
        {
            string[] unreadable = [.. ConfigurationValues.FindUnreadable(section)];
            (unreadable.Length == 0 ? section : Without(section, unreadable)).Bind(options);
        }
        catch (InvalidOperationException e)
        {
            options.ConfigurationFailures.Add($"The configuration can't be read: {e.Message}");
        }
    }

    // What can be read is read all the same, so that what is wrong with it is told too.
    private static IConfigurationRoot Without(IConfiguration section, string[] keys) => new ConfigurationBuilder()
        .AddInMemoryCollection(
            section.AsEnumerable(makePathsRelative: true).ExceptBy(keys, pair => pair.Key, StringComparer.OrdinalIgnoreCase))
        .Build();
}
