using Microsoft.Extensions.AI;
using PolicyLayer;
using PolicyLayer.Extensions.AI;

namespace PolicyLayer.Tests.Packages;

/// <summary>What the README of PolicyLayer.Extensions.AI shows.</summary>
internal static class ChatCode
{
    public static IChatClient Guard(IChatClient model)
    {
        var authorizer = new ToolCallAuthorizer(
            Policy.ParseFile("policy.json"), new ToolCallAuthorizerOptions { DefaultGrantId = "desk" });
        IChatClient client = model.AsBuilder()
            .UsePolicyLayer(authorizer)
            .UseFunctionInvocation()
            .Build();

        return client;
    }
}
