using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PolicyLayer.Extensions.DependencyInjection;
using PolicyLayer.Tests.Documents;

namespace PolicyLayer.Tests.DependencyInjection;

public sealed class PolicyAtStartTests : IDisposable
{
    private static readonly MarkedDocument Broken = MarkedDocument.Parse("""
        {
          "version": "1",
          "default": "deny",
          "tools": {
            "run_code": { "limits": [ { "counter": "c", "window": ⟦1:"minutes"⟧, "max": 1 } ] },
            "other": { ⟦2:"risky"⟧: true }
          }
        }
        """);

    private static readonly MarkedDocument Odd = MarkedDocument.Parse(
        """{ "version": "1", "default": "deny", "tools": { "x": { "limits": [ { "counter": "c", "window": 5, "max": ⟦0⟧ } ] } } }""");

    private readonly string _file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".json");

    public void Dispose() => File.Delete(_file);

    [Fact]
    public async Task A_broken_file_stops_the_host_and_every_finding_has_its_place()
    {
        await File.WriteAllTextAsync(_file, Broken.Text);

        string message = await StartAndFailAsync(options => options.UsePolicyFile(_file));

        string name = Path.GetFileName(_file);
        Assert.Contains($"`{_file}` yields no policy", message, StringComparison.Ordinal);
        Assert.Contains(
            $"PL1203 error {name}:{Broken.PlaceOf(1)} /tools/run_code/limits/0/window: `minutes` is not a window. Help: ", message,
            StringComparison.Ordinal);
        Assert.Contains($"PL1101 error {name}:{Broken.PlaceOf(2)} /tools/other/risky: ", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_file_stops_the_host_and_its_full_path_is_named()
    {
        string message = await StartAndFailAsync(options => options.UsePolicyFile("no/such/policy.json"));

        Assert.Contains($"`{Path.GetFullPath("no/such/policy.json")}` doesn't exist", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_policy_the_host_stops_and_says_how_to_configure_one()
    {
        string message = await StartAndFailAsync(_ => { });

        Assert.Contains("No policy is configured.", message, StringComparison.Ordinal);
        Assert.Contains("UsePolicyFile", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_that_is_no_unicode_stops_the_host()
    {
        string message = await StartAndFailAsync(
            options => options.UsePolicyJson("{ \"version\": \"1\", \"default\": \"deny\", \"tools\": { \"run\ud83d\": {} } }"));

        Assert.Contains("PL1002 error policy:1:53: The text holds half of a surrogate pair.", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_that_cannot_be_opened_stops_the_host()
    {
        string message = await StartAndFailAsync(
            options => options.UsePolicyStream(() => throw new UnauthorizedAccessException("not yours")));

        Assert.Contains("`policy` can't be read: not yours", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_broken_policy_yields_no_authorizer_in_a_container_without_a_host()
    {
        var services = new ServiceCollection();
        services.AddPolicyLayer(options => options.UsePolicyJson(Broken.Text));
        using ServiceProvider provider = services.BuildServiceProvider();

        Assert.Throws<OptionsValidationException>(provider.GetRequiredService<IToolCallAuthorizer>);
        Assert.Throws<OptionsValidationException>(provider.GetRequiredService<ToolCallAuthorizer>);
    }

    [Fact]
    public async Task The_policy_is_read_once_and_its_stream_disposed()
    {
        int opened = 0;
        MemoryStream? stream = null;
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddPolicyLayer(options => options.UsePolicyStream(() =>
        {
            opened++;
            return stream = new MemoryStream("""{ "version": "1", "default": "allow" }"""u8.ToArray());
        }));
        using IHost host = builder.Build();
        await host.StartAsync();
        _ = host.Services.GetRequiredService<IOptions<PolicyLayerOptions>>().Value;
        _ = host.Services.GetRequiredService<IToolCallAuthorizer>();

        Assert.Equal(1, opened);
        Assert.False(stream!.CanRead);
        await host.StopAsync();
    }

    [Fact]
    public async Task Warnings_are_logged_with_their_place()
    {
        await File.WriteAllTextAsync(_file, Odd.Text);
        using var log = new LogList();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddProvider(log);
        builder.Services.AddPolicyLayer(_file);
        using IHost host = builder.Build();
        await host.StartAsync();
        await host.StopAsync();

        string place = $"PL2002 warning {Path.GetFileName(_file)}:{Odd.PlaceOf()} /tools/x/limits/0/max: ";
        Assert.Contains(log.Lines, line => line.StartsWith($"Warning {place}", StringComparison.Ordinal));
        Assert.Contains(log.Lines, line => line.StartsWith("Information Policy `default` of revision ", StringComparison.Ordinal));
    }

    private static async Task<string> StartAndFailAsync(Action<PolicyLayerOptions> configure)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddPolicyLayer(configure);
        using IHost host = builder.Build();
        return (await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync())).Message;
    }
}
