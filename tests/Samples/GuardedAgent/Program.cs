using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using PolicyLayer;

Policy policy = Policy.Parse("""{ "version": "1", "default": "deny", "tools": { "read": { "rate_limit": "1/day" } } }""");
var authorizer = new ToolCallAuthorizer(policy, new ToolCallAuthorizerOptions { DefaultGrantId = "agent" });

// The agent adds no function invocation of its own where the client has one, so that PolicyLayer stays before it.
IChatClient client = new ScriptedModel(
        new FunctionCallContent("1", "read"),
        new FunctionCallContent("2", "read"),
        new FunctionCallContent("3", "delete"),
        new TextContent("Read once."))
    .AsBuilder()
    .UsePolicyLayer(authorizer)
    .UseFunctionInvocation()
    .Build();
AIAgent agent = new ChatClientAgent(
    client,
    instructions: "You keep files.",
    tools: [AIFunctionFactory.Create(() => "text", "read"), AIFunctionFactory.Create(() => "gone", "delete")]);

Console.WriteLine(await agent.RunAsync("Read it, then delete it."));
