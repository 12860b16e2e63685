using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PolicyLayer.Proxy;

namespace PolicyLayer.Benchmarks.Proxy;

/// <summary>A server of streamable HTTP in this process.</summary>
internal sealed class HttpSetup : ISetup, IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly HttpProxy _proxy;
    private readonly Uri _direct;
    private readonly Uri _proxied;
    private readonly HttpClient _client = new();

    private HttpSetup(WebApplication server, Uri direct, HttpProxy proxy)
    {
        (_server, _direct, _proxy) = (server, direct, proxy);
        _proxied = new Uri(proxy.Address, "/mcp");
    }

    public static async Task<HttpSetup> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication server = builder.Build();
        server.MapPost("/mcp", AnswerAsync);
        await server.StartAsync();
        var direct = new Uri(server.Urls.First() + "/mcp");
        var options = new HttpProxyOptions();
        options.Guard.GrantId = "benchmark";
        HttpProxy proxy = await HttpProxy.StartAsync(new ToolCallAuthorizer(Policy.Parse(Messages.Document)), direct, options);
        return new HttpSetup(server, direct, proxy);
    }

    public async Task CallAsync(bool throughProxy)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, throughProxy ? _proxied : _direct)
        {
            Content = new ByteArrayContent(Messages.NextCall()),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        using HttpResponseMessage response = await _client.SendAsync(request);
        Messages.Expect(await response.Content.ReadAsByteArrayAsync());
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _proxy.DisposeAsync();
        await _server.DisposeAsync();
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        byte[] answer = Messages.AnswerTo(body.GetBuffer().AsSpan(0, (int)body.Length));
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = answer.Length;
        await context.Response.Body.WriteAsync(answer);
    }
}
