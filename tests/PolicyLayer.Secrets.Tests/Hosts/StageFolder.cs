using Microsoft.Extensions.DependencyInjection;
using PolicyLayer.Extensions.DependencyInjection;

namespace PolicyLayer.Tests.Secrets.Hosts;

/// <summary>Where a stage's files stand, for what is registered on it.</summary>
internal sealed record StageFolder(string Path);

internal static class StageFolderExtensions
{
    public static string GetFolder(this PolicyLayerBuilder builder) => Get<StageFolder>(builder).Path;

    /// <summary>Counters in a file of the stage's, by its clock.</summary>
    public static PolicyLayerBuilder UseStagedCounters(this PolicyLayerBuilder builder) => builder.UseSqliteCounters(
        Path.Combine(builder.GetFolder(), "counters.db"), options => options.TimeProvider = Get<TimeProvider>(builder));

    private static T Get<T>(PolicyLayerBuilder builder) =>
        (T)builder.Services.Single(each => each.ServiceType == typeof(T)).ImplementationInstance!;
}
