using Microsoft.Extensions.DependencyInjection;
using PolicyLayer.Extensions.DependencyInjection;
using PolicyLayer.Grants;

namespace PolicyLayer.Tests.DependencyInjection;

/// <summary>What is watched: files, unless the host wants none to be.</summary>
public sealed class WatchingTests : IDisposable
{
    private const string Open = """{ "version": "1", "name": "open", "default": "allow" }""";

    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData("policy", true, true)]
    [InlineData("policy", false, false)]
    [InlineData("grants", true, true)]
    [InlineData("none", true, false)]
    public async Task A_file_of_policies_or_grants_is_watched_where_the_options_say_so(string file, bool reload, bool isWatched)
    {
        await File.WriteAllTextAsync(_file, file == "grants" ? """{ "grants": [] }""" : Open);
        var services = new ServiceCollection();
        services.AddPolicyLayer("name", options =>
        {
            options.Reload = reload;
            if (file == "policy")
            {
                options.UsePolicyFile(_file);
            }
            else
            {
                options.UsePolicyJson(Open);
                options.GrantsFile = file == "grants" ? _file : null;
            }
        });
        await using ServiceProvider provider = services.BuildServiceProvider();
        _ = provider.GetRequiredKeyedService<ToolCallAuthorizer>("name");
        RunningAuthorizer running = provider.GetRequiredKeyedService<RunningAuthorizer>("name");
        Assert.Equal(isWatched, running.Reloader is not null);
        Assert.Equal(file == "grants", provider.GetKeyedService<GrantDirectory>("name") is not null);
    }
}
