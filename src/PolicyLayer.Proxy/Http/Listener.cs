using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace PolicyLayer.Proxy.Http;

/// <summary>The web server. Nothing of the environment, of files or of a command line sets it up.</summary>
internal static class Listener
{
    /// <summary>Makes a server that doesn't listen yet.</summary>
    public static WebApplication Create(HttpSettings settings, Front front)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(
            new WebApplicationOptions { ApplicationName = "policylayer", EnvironmentName = Environments.Production });

        // What the framework logs may have headers or addresses in it.
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddCors();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(options => Limit(options, settings));
        WebApplication application = builder.Build();
        application.Use(front.CheckAsync);
        application.UseCors(policy => Allow(policy, settings.AllowedOrigins));
        application.Run(front.HandleAsync);
        return application;
    }

    /// <summary>Begins to listen.</summary>
    /// <returns>Where.</returns>
    /// <exception cref="IOException">The address can't be listened at.</exception>
    public static async Task<Uri> StartAsync(WebApplication application, Uri listen, CancellationToken cancellationToken)
    {
        try
        {
            await application.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException e)
        {
            throw new IOException($"The address can't be listened at: {e.SocketErrorCode}.", e);
        }

        IServer server = application.Services.GetRequiredService<IServer>();
        string address = server.Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return new UriBuilder(listen) { Port = BindingAddress.Parse(address).Port }.Uri;
    }

    private static void Limit(KestrelServerOptions options, HttpSettings settings)
    {
        options.AddServerHeader = false;
        options.Limits.MaxRequestBodySize = settings.Guard.MaxMessageBytes;
        options.Limits.MaxConcurrentConnections = ConnectionsByAddress.MaxOfAll;
        options.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(5);
        options.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        var connections = new ConnectionsByAddress();
        void Secure(ListenOptions listen)
        {
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            listen.Use(next => connection => connections.ServeAsync(connection, next));
            if (settings.Certificate is { } certificate)
            {
                listen.UseHttps(certificate);
            }
        }

        if (IPAddress.TryParse(settings.Listen.Host, out IPAddress? address))
        {
            options.Listen(address, settings.Listen.Port, Secure);
        }
        else if (settings.Listen.Port == 0)
        {
            options.Listen(IPAddress.Loopback, 0, Secure);
        }
        else
        {
            options.ListenLocalhost(settings.Listen.Port, Secure);
        }
    }

    private static void Allow(CorsPolicyBuilder policy, IReadOnlyList<string> origins) => policy
        .WithOrigins([.. origins])
        .WithMethods(HttpMethods.Post, HttpMethods.Get, HttpMethods.Delete)
        .AllowAnyHeader()
        .WithExposedHeaders(HeaderNames.Session, "WWW-Authenticate");

    /// <summary>The process belongs to the host, and so do its signals.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
