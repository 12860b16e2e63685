using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace PolicyLayer.Tests.Secrets.Proxying;

/// <summary>A server over HTTP that answers with what a test hands it.</summary>
internal sealed class TalkativeServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private TalkativeServer()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0));
        _application = builder.Build();
        _application.Run(context => Answer(context.Response));
    }

    public Func<HttpResponse, Task> Answer { get; set; } = response => JsonAsync(response, "{}");

    public Uri Address => new(_application.Urls.First());

    public static async Task<TalkativeServer> StartAsync()
    {
        var server = new TalkativeServer();
        await server._application.StartAsync();
        return server;
    }

    public static Task JsonAsync(HttpResponse response, string text, int status = 200, string type = "application/json")
    {
        response.StatusCode = status;
        response.ContentType = type;
        return response.WriteAsync(text);
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();
}
