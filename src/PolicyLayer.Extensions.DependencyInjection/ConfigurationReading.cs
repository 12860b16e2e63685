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
            section.Bind(options);
        }
        catch (InvalidOperationException e)
        {
            options.ConfigurationFailures.Add($"The configuration can't be read: {e.Message}");
        }
    }
}
