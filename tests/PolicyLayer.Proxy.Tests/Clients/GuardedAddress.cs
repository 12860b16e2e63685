using PolicyLayer.Grants;
using PolicyLayer.Proxy;

namespace PolicyLayer.Tests.Proxy.Clients;

/// <summary>A proxy over HTTP in this process, for one grant, whose token it has.</summary>
internal sealed class GuardedAddress : IAsyncDisposable
{
    private readonly HttpProxy _proxy;

    private GuardedAddress(HttpProxy proxy) => _proxy = proxy;

    /// <summary>What names the grant.</summary>
    public string Token { get; private init; } = "";

    /// <summary>Where clients call.</summary>
    public Uri Address => new(_proxy.Address, "/mcp");

    public static async Task<GuardedAddress> StartAsync(string policy, Uri server, Action<HttpProxyOptions>? configure = null)
    {
        string token = GrantToken.Create();
        var grants = new GrantDirectory([new Grant("ci") { TokenSha256 = GrantToken.Hash(token) }]);
        var options = new HttpProxyOptions { Grants = grants };
        configure?.Invoke(options);
        var authorizer = new ToolCallAuthorizer(Policy.Load(policy).Policy!, new ToolCallAuthorizerOptions { Grants = grants });
        return new GuardedAddress(await HttpProxy.StartAsync(authorizer, server, options)) { Token = token };
    }

    public ValueTask DisposeAsync() => _proxy.DisposeAsync();
}
