using Microsoft.Extensions.Hosting;

namespace PolicyLayer.Extensions.DependencyInjection;

/// <summary>Makes the authorizer when the host starts, and with it what watches its files: else both wait for the first call.</summary>
internal sealed class AuthorizerStart(IServiceProvider provider, string name) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _ = provider.GetOfName<RunningAuthorizer>(name);
        return Task.CompletedTask;
    }

    // The container disposes what it made.
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
