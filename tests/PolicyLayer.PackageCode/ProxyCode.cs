using PolicyLayer;
using PolicyLayer.Proxy;

namespace PolicyLayer.Tests.Packages;

/// <summary>What the README of PolicyLayer.Proxy shows.</summary>
internal static class ProxyCode
{
    public static async Task RunAsync()
    {
        var authorizer = new ToolCallAuthorizer(
            Policy.ParseFile("policy.json"), new ToolCallAuthorizerOptions { DefaultGrantId = "desk" });
        var server = new UpstreamCommand("npx", ["-y", "@modelcontextprotocol/server-everything"]);
        await new StdioProxy(authorizer, server).RunAsync(Console.OpenStandardInput(), Console.OpenStandardOutput());
    }
}
