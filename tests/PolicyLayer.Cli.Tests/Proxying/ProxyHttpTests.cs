using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PolicyLayer.Grants;
using PolicyLayer.Tests.Cli.Audit;

namespace PolicyLayer.Tests.Cli.Proxying;

/// <summary><c>proxy --listen</c>, as a process, before a server of HTTP.</summary>
public sealed class ProxyHttpTests : IAsyncDisposable
{
    private const string Credential = "Bearer upstream-hunter2";

    private readonly LogFolder _folder = new();

    private readonly List<string> _authorizations = [];

    private readonly HttpClient _client = new();

    private WebApplication? _upstream;

    [UnixFact]
    public async Task Tokens_name_grants_and_go_no_further()
    {
        string policy = ProxyProcess.Policy(_folder, """{"echo":{}}""");
        string token = GrantToken.Create();
        string grants = ProxyProcess.Write(
            _folder, "grants.json", $$"""{"grants":[{"id":"ci","token_sha256":"{{GrantToken.Hash(token)}}"}]}""");
        var variables = new Dictionary<string, string> { ["UPSTREAM"] = Credential };
        using var proxy = ProxyProcess.Start(
            variables,
            [
                policy, "--grants", grants, "--audit", _folder.Log, "--json", "--listen", "http://127.0.0.1:0",
                "--upstream", await StartUpstreamAsync() + "mcp?key=secret-key", "--upstream-header", "Authorization=UPSTREAM",
            ]);
        JsonElement guarding = JsonDocument.Parse(await proxy.ErrorAsync("guarding")).RootElement;
        JsonElement listening = JsonDocument.Parse(await proxy.ErrorAsync("listening")).RootElement;
        var url = new Uri(listening.GetProperty("url").GetString()!);

        using HttpResponseMessage nobody = await PostAsync(url, null, ProxyProcess.Call(1, "echo"));
        using HttpResponseMessage stranger = await PostAsync(url, "not-a-token", ProxyProcess.Call(1, "echo"));
        using HttpResponseMessage allowed = await PostAsync(url, token, ProxyProcess.Call(2, "echo"));
        using HttpResponseMessage denied = await PostAsync(url, token, ProxyProcess.Call(3, "other"));
        await proxy.TerminateAsync();
        (int exitCode, string output, string error) = await proxy.EndAsync();

        Assert.Equal(1, guarding.GetProperty("grants").GetInt32());
        Assert.Equal(HttpStatusCode.Unauthorized, nobody.StatusCode);
        Assert.Equal("Bearer", nobody.Headers.WwwAuthenticate.First().Scheme);
        Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);
        Assert.Contains("\"served\"", await allowed.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("\"not_listed\"", await denied.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal([Credential], _authorizations);
        Assert.Equal((0, ""), (exitCode, output));
        string said = guarding.GetRawText() + error + await File.ReadAllTextAsync(_folder.Log);
        string[] secrets = [token, "not-a-token", "hunter2", "secret-key"];
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, said, StringComparison.Ordinal));
        Assert.Contains("\"grant\":\"ci\"", said, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task One_grant_may_be_everybodys()
    {
        string policy = ProxyProcess.Policy(_folder, """{"echo":{}}""");
        using var proxy = ProxyProcess.Start(
            policy, "--grant", "all", "--listen", "http://127.0.0.1:0", "--upstream", await StartUpstreamAsync() + "mcp");
        string guarding = await proxy.ErrorAsync("Guarding");
        string listening = await proxy.ErrorAsync("Listening at ");
        var url = new Uri(listening["Listening at ".Length..]);

        using HttpResponseMessage allowed = await PostAsync(url, null, ProxyProcess.Call(1, "echo"));
        await proxy.TerminateAsync();
        (int exitCode, string output, _) = await proxy.EndAsync();

        Assert.Contains("for grant `all`, under policy `p`, revision ", guarding, StringComparison.Ordinal);
        Assert.Contains("\"served\"", await allowed.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal((0, ""), (exitCode, output));
    }

    [UnixFact]
    public async Task What_other_machines_can_reach_is_told_before_it_listens()
    {
        string policy = ProxyProcess.Policy(_folder, """{"echo":{}}""");
        using var proxy = ProxyProcess.Start(
            policy, "--grant", "all", "--json", "--listen", "http://0.0.0.0:0", "--upstream", await StartUpstreamAsync() + "mcp");

        JsonElement warning = JsonDocument.Parse(await proxy.ErrorAsync("without a token")).RootElement;
        await proxy.ErrorAsync("unencrypted");
        await proxy.ErrorAsync("listening");
        await proxy.TerminateAsync();
        await proxy.EndAsync();

        Assert.Equal(("log", "warning"), (warning.GetProperty("event").GetString(), warning.GetProperty("level").GetString()));
    }

    [UnixFact]
    public async Task A_server_that_is_a_command_is_started_for_its_callers_and_ends_with_the_proxy()
    {
        string policy = ProxyProcess.Policy(_folder, """{"echo":{}}""");
        string starts = _folder.In("starts");
        using var proxy = ProxyProcess.Start(
            new Dictionary<string, string> { ["STARTS"] = starts },
            [policy, "--grant", "all", "--listen", "http://127.0.0.1:0", "--max-children", "1", "--", .. ProxyProcess.Server]);
        string guarding = await proxy.ErrorAsync("Guarding");
        string listening = await proxy.ErrorAsync("Listening at ");
        var url = new Uri(listening["Listening at ".Length..]);
        bool isStartedBefore = File.Exists(starts);
        const string Initialize =
            """{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{}}}""";

        using HttpResponseMessage first = await PostAsync(url, null, Initialize);
        using HttpResponseMessage second = await PostAsync(url, null, Initialize);
        int server = int.Parse(await File.ReadAllTextAsync(starts), System.Globalization.CultureInfo.InvariantCulture);
        await proxy.TerminateAsync();
        (int exitCode, string output, _) = await proxy.EndAsync();

        Assert.DoesNotContain("Upstream.dll", guarding, StringComparison.Ordinal);
        Assert.False(isStartedBefore);
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.True(first.Headers.Contains("Mcp-Session-Id"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, second.StatusCode);
        Assert.Equal((0, ""), (exitCode, output));
        Assert.Throws<ArgumentException>(() => System.Diagnostics.Process.GetProcessById(server));
    }

    [Fact]
    public async Task An_address_that_is_taken_is_exit_code_2()
    {
        string policy = ProxyProcess.Policy(_folder, """{"echo":{}}""");
        string taken = await StartUpstreamAsync();
        using var proxy = ProxyProcess.Start(policy, "--grant", "all", "--listen", taken, "--upstream", taken + "mcp");

        (int exitCode, string output, string error) = await proxy.EndAsync();

        Assert.Equal((2, ""), (exitCode, output));
        Assert.DoesNotContain("unforeseen", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_is_none_is_not_quoted()
    {
        string policy = ProxyProcess.Policy(_folder, """{"echo":{}}""");
        string pem = ProxyProcess.Write(_folder, "a.pem", "hunter2");
        Command run = await Command.RunAsync(
            "proxy", policy, "--grant", "all", "--listen", "https://127.0.0.1:0", "--upstream", "http://127.0.0.1:1/", "--certificate", pem,
            "--certificate-key", pem);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains("must hold a certificate and its private key", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", run.Error, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (_upstream is not null)
        {
            await _upstream.DisposeAsync();
        }

        _folder.Dispose();
    }

    private async Task<string> StartUpstreamAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _upstream = builder.Build();
        _upstream.Urls.Add("http://127.0.0.1:0");
        _upstream.MapPost("/mcp", async (HttpContext context) =>
        {
            _authorizations.Add(context.Request.Headers.Authorization.ToString());
            using JsonDocument message = await JsonDocument.ParseAsync(context.Request.Body);
            string id = message.RootElement.GetProperty("id").GetRawText();
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync($$$"""{"jsonrpc":"2.0","id":{{{id}}},"result":{"content":[],"x":"served"}}""");
        });
        await _upstream.StartAsync();
        return _upstream.Urls.Single() + "/";
    }

    private async Task<HttpResponseMessage> PostAsync(Uri url, string? token, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url);
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return await _client.SendAsync(request);
    }
}
