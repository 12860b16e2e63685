using PolicyLayer.Approvals;
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

    /// <summary>What waits for a person.</summary>
    public required ApprovalInbox Approvals { get; init; }

    /// <summary>Where clients call.</summary>
    public Uri Address => new(_proxy.Address, "/mcp");

    public static Task<GuardedAddress> StartAsync(string policy, Uri server, Action<HttpProxyOptions>? configure = null) =>
        StartAsync(policy, configure, (authorizer, options) => HttpProxy.StartAsync(authorizer, server, options));

    /// <summary>Starts one before a server that is a process.</summary>
    public static Task<GuardedAddress> StartAsync(string policy, string[] server, Action<HttpProxyOptions>? configure = null) => StartAsync(
        policy, configure, (authorizer, options) => HttpProxy.StartAsync(authorizer, new UpstreamCommand(server[0], server[1..]), options));

    public ValueTask DisposeAsync() => _proxy.DisposeAsync();

    private static async Task<GuardedAddress> StartAsync(
        string policy, Action<HttpProxyOptions>? configure, Func<ToolCallAuthorizer, HttpProxyOptions, Task<HttpProxy>> start)
    {
        string token = GrantToken.Create();
        var grants = new GrantDirectory([new Grant("ci") { TokenSha256 = GrantToken.Hash(token) }]);
        var options = new HttpProxyOptions { Grants = grants };
        configure?.Invoke(options);
        var authorizer = new ToolCallAuthorizer(Policy.Load(policy).Policy!, new ToolCallAuthorizerOptions { Grants = grants });
        return new GuardedAddress(await start(authorizer, options)) { Token = token, Approvals = authorizer.Approvals };
    }
}
