using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ModelContextProtocol.Server;

namespace PolicyLayer.Tests.Packages;

/// <summary>What the README of PolicyLayer.ModelContextProtocol shows.</summary>
internal static class ServerCode
{
    public static void Add(HostApplicationBuilder builder)
    {
        builder.Services.AddPolicyLayer("policy.json");
        builder.Services.AddMcpServer()
            .WithStdioServerTransport()
            .WithTools<ServerTools>()
            .WithPolicyLayer(options => options.Grant = _ => "desk");
    }

    [McpServerToolType]
    public sealed class ServerTools
    {
        [McpServerTool(Name = "balance")]
        public static int Balance() => 1200;
    }
}
