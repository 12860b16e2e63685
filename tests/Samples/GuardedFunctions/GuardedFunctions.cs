using Microsoft.Extensions.AI;
using PolicyLayer;
using PolicyLayer.Approvals;
using PolicyLayer.Extensions.AI;

Policy policy = Policy.Parse("""
    { "version": "1", "default": "deny",
      "tools": {
        "balance": { "rate_limit": "10/minute" },
        "pay": { "approve_if": [{ "conditions": [{ "path": "args.amount", "op": "gt", "value": 500 }] }] } } }
    """);
var authorizer = new ToolCallAuthorizer(policy, new ToolCallAuthorizerOptions { DefaultGrantId = "desk" });

// Who approves is the user whom the host has authenticated, never what a message says.
const string CurrentUser = "alice";
IChatClient client = new ScriptedModel(
        new FunctionCallContent("1", "balance"),
        new FunctionCallContent("2", "close_account"),
        new FunctionCallContent("3", "pay", new Dictionary<string, object?> { ["to"] = "ann", ["amount"] = 900 }),
        new TextContent("Ann is paid."))
    .AsBuilder()
    .UsePolicyLayer(authorizer, options => options.Approvals = new ChatApprovals(
        authorizer.Approvals, (request, cancellationToken) => ValueTask.FromResult<Approver?>(new Approver(CurrentUser))))
    .UseFunctionInvocation()
    .Build();
var options = new ChatOptions
{
    Tools =
    [
        AIFunctionFactory.Create(() => 1200, "balance"),
        AIFunctionFactory.Create(() => "closed", "close_account"),
        AIFunctionFactory.Create((string to, int amount) => $"{to} got {amount}", "pay"),
    ],
};

List<ChatMessage> messages = [new(ChatRole.User, "Pay Ann what we owe her.")];
ChatResponse response = await client.GetResponseAsync(messages, options);
messages.AddRange(response.Messages);
foreach (ToolApprovalRequestContent request in messages[^1].Contents.OfType<ToolApprovalRequestContent>().ToList())
{
    Console.WriteLine($"{CurrentUser} approves: {((FunctionCallContent)request.ToolCall).Name}");
    messages.Add(new ChatMessage(ChatRole.User, [request.CreateResponse(approved: true)]));
}

Console.WriteLine(await client.GetResponseAsync(messages, options));
