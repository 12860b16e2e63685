using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;
using PolicyLayer;
using FunctionCallContent = Microsoft.Extensions.AI.FunctionCallContent;
using TextContent = Microsoft.Extensions.AI.TextContent;

Policy policy = Policy.Parse("""{ "version": "1", "default": "deny", "tools": { "files_read": { "rate_limit": "1/day" } } }""");
var authorizer = new ToolCallAuthorizer(policy, new ToolCallAuthorizerOptions { DefaultGrantId = "kernel" });

Kernel kernel = Kernel.CreateBuilder().Build();
KernelPlugin files = KernelPluginFactory.CreateFromFunctions(
    "files",
    [
        KernelFunctionFactory.CreateFromMethod((string path) => $"text of {path}", "read"),
        KernelFunctionFactory.CreateFromMethod((string path) => $"{path} is gone", "delete"),
    ]);
var path = new Dictionary<string, object?> { ["path"] = "a.txt" };

// Functions of a kernel are functions like any others, called `files_read` and `files_delete`.
IChatClient client = new ScriptedModel(
        new FunctionCallContent("1", "files_read", path),
        new FunctionCallContent("2", "files_read", path),
        new FunctionCallContent("3", "files_delete", path),
        new TextContent("Read once."))
    .AsBuilder()
    .UsePolicyLayer(authorizer)
    .UseFunctionInvocation()
    .Build();

Console.WriteLine(await client.GetResponseAsync("Read it, then delete it.", new ChatOptions { Tools = [.. files.AsAIFunctions(kernel)] }));
