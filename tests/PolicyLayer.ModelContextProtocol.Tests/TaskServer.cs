using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

// The SDK's ways of answering otherwise than with a result are experimental: a host that uses them says so itself.
#pragma warning disable MCPEXP001, MCPEXP002

namespace PolicyLayer.Tests.Mcp;

/// <summary>
/// Tasks as of 2025-11-25, as an extension of the SDK would have them: a call that says <c>task</c> is answered with one, its tool runs
/// behind that, and its status and result are asked for by methods of their own.
/// </summary>
internal sealed class TaskServer
{
    private static readonly JsonSerializerOptions Written = new(JsonSerializerDefaults.Web)
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private static readonly JsonTypeInfo<TaskCreated> CreatedType = (JsonTypeInfo<TaskCreated>)Written.GetTypeInfo(typeof(TaskCreated));

    private readonly ConcurrentDictionary<string, Task<CallToolResult>> _tasks = new();
    private readonly TaskCompletionSource _go = new();
    private int _last;

    /// <summary>Lets the tools run that wait: until then their tasks are at work.</summary>
    public void Go() => _go.TrySetResult();

    /// <summary>A filter runs the tool, and all filters of calls with it, as a task.</summary>
    public void AddFilter(IMcpServerBuilder builder) => Add(builder, options =>
        options.Filters.Request.CallToolWithAlternateFilters.Add(async (request, next, cancellationToken) => IsTask(request)
            ? Create(async () => (await next(request, CancellationToken.None)).Result!)
            : await next(request, cancellationToken)));

    /// <summary>A handler takes the place of the SDK's, filters included.</summary>
    public void AddHandler(IMcpServerBuilder builder, TestTools tools) => Add(builder, options =>
    {
        options.Handlers.ListToolsHandler = (_, _) => new(new ListToolsResult { Tools = [.. tools.All.Select(tool => tool.ProtocolTool)] });
        options.Handlers.CallToolWithAlternateHandler = async (request, cancellationToken) =>
        {
            McpServerTool tool = tools.All.Single(each => each.ProtocolTool.Name == request.Params!.Name);
            return IsTask(request)
                ? Create(() => tool.InvokeAsync(request, CancellationToken.None).AsTask())
                : await tool.InvokeAsync(request, cancellationToken);
        };
    });

    private static bool IsTask(RequestContext<CallToolRequestParams> request) => request.JsonRpcRequest.Params!["task"] is not null;

    private static JsonObject Describe(string id, string status) => new()
    {
        ["taskId"] = id,
        ["status"] = status,
        ["ttl"] = 60_000,
        ["pollInterval"] = 1,
        ["createdAt"] = "2026-01-01T00:00:00Z",
        ["lastUpdatedAt"] = "2026-01-01T00:00:00Z",
    };

    private void Add(IMcpServerBuilder builder, Action<McpServerOptions> configure) => builder
        .WithMessageFilters(filters => filters.AddIncomingFilter(next => (context, cancellationToken) =>
            context.JsonRpcMessage is JsonRpcRequest { Method: "tasks/get" or "tasks/result" } request
                ? AnswerAsync(request, context, cancellationToken)
                : next(context, cancellationToken)))
        .Services.Configure(configure);

    private ResultOrAlternate<CallToolResult> Create(Func<Task<CallToolResult>> run)
    {
        string id = $"task-{Interlocked.Increment(ref _last)}";
        _tasks[id] = RunAsync();
        return ResultOrAlternate<CallToolResult>.FromAlternate(new TaskCreated { Task = Describe(id, "working") }, CreatedType);

        async Task<CallToolResult> RunAsync()
        {
            await _go.Task;
            return await run();
        }
    }

    private async Task AnswerAsync(JsonRpcRequest request, MessageContext context, CancellationToken cancellationToken)
    {
        string id = (string)request.Params!["taskId"]!;
        JsonNode answer = request.Method == "tasks/get"
            ? Describe(id, _tasks[id].IsCompleted ? "completed" : "working")
            : JsonSerializer.SerializeToNode(await _tasks[id], McpJsonUtilities.DefaultOptions)!;
        await context.Server.SendMessageAsync(new JsonRpcResponse { Id = request.Id, Result = answer }, cancellationToken);
    }

    private sealed class TaskCreated : Result
    {
        public required JsonObject Task { get; init; }
    }
}
