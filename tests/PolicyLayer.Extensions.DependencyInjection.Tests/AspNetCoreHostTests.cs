using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;

namespace PolicyLayer.Tests.DependencyInjection;

/// <summary>The sample host, which README shows, over HTTP.</summary>
public sealed class AspNetCoreHostTests : IDisposable, IAsyncLifetime
{
    private readonly WebApplication _app = ToolHost.Build(
        ["--urls", "http://127.0.0.1:0"], Path.Combine(AppContext.BaseDirectory, "sample"));

    private readonly HttpClient _client = new();

    public async Task InitializeAsync()
    {
        await _app.StartAsync();
        _client.BaseAddress = new Uri(_app.Urls.Single());
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "sample-token");
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task A_tool_runs_as_often_as_the_policy_allows()
    {
        HttpResponseMessage[] answers = [await RunAsync("run_code"), await RunAsync("run_code"), await RunAsync("run_code")];
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.Forbidden], answers.Select(answer => answer.StatusCode));
        Assert.Equal("run_code ran", await answers[0].Content.ReadFromJsonAsync<string>());
        Assert.StartsWith(
            "[POLICY DENIED] The limit `run_code_rate` of 2 per day is used up.", await answers[2].Content.ReadFromJsonAsync<string>(),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/workspace/a.txt", HttpStatusCode.OK)]
    [InlineData("/etc/shadow", HttpStatusCode.Forbidden)]
    public async Task Arguments_are_judged(string path, HttpStatusCode expected) =>
        Assert.Equal(expected, (await RunAsync("read_file", new { path })).StatusCode);

    [Fact]
    public async Task Whoever_has_no_token_runs_nothing()
    {
        _client.DefaultRequestHeaders.Authorization = null;
        Assert.Equal(HttpStatusCode.Unauthorized, (await RunAsync("run_code")).StatusCode);
    }

    [Fact]
    public async Task The_health_endpoint_says_that_the_host_can_decide_and_by_what()
    {
        using JsonDocument said = JsonDocument.Parse(await _client.GetStringAsync(new Uri("/health", UriKind.Relative)));
        Assert.Equal("Healthy", said.RootElement.GetProperty("status").GetString());
        Assert.False(said.RootElement.GetProperty("data").GetProperty("isLastReloadRejected").GetBoolean());
    }

    private Task<HttpResponseMessage> RunAsync(string tool, object? arguments = null) =>
        _client.PostAsJsonAsync(new Uri($"/tools/{tool}", UriKind.Relative), arguments ?? new { });
}
