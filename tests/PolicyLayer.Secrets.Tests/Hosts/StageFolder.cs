using Microsoft.Extensions.DependencyInjection;
using PolicyLayer.Extensions.DependencyInjection;

namespace PolicyLayer.Tests.Secrets.Hosts;

/// <summary>Where a stage's files stand, for what is registered on it.</summary>
internal sealed record StageFolder(string Path);

internal static class StageFolderExtensions
{
    public static string GetFolder(this PolicyLayerBuilder builder) =>
        ((StageFolder)builder.Services.Single(each => each.ServiceType == typeof(StageFolder)).ImplementationInstance!).Path;
}
