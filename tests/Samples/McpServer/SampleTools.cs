using System.ComponentModel;
using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace PolicyLayer.Samples;

[McpServerToolType]
internal sealed class SampleTools
{
    private static readonly SemaphoreSlim Heard = new(0);

    [McpServerTool(Name = "echo"), Description("Says it again.")]
    public static string Echo(string text) => text;

    [McpServerTool(Name = "limited")]
    public static string Limited() => "within the limit";

    [McpServerTool(Name = "per_session")]
    public static string PerSession() => "within the session's limit";

    [McpServerTool(Name = "secret")]
    public static string Secret() => "never said";

    [McpServerTool(Name = "sum", UseStructuredContent = true), Description("Adds up.")]
    public static Sum Add(int a, int b) => new(a + b);

    [McpServerTool(Name = "closed_sum", UseStructuredContent = true)]
    public static Sum ClosedSum(int a, int b) => new(a + b);

    [McpServerTool(Name = "closed")]
    public static string Closed() => "never said";

    [McpServerTool(Name = "counts")]
    public static async Task<string> CountsAsync(McpServer server, RequestContext<CallToolRequestParams> request)
    {
        for (int i = 1; i <= 3; i++)
        {
            await server.NotifyProgressAsync(
                request.Params!.ProgressToken!.Value, new ProgressNotificationValue { Progress = i, Total = 3 });

            // A client that reads progress and result at once may pass over the progress.
            await Heard.WaitAsync();
        }

        return "counted";
    }

    [McpServerTool(Name = "hears")]
    public static string Hears()
    {
        Heard.Release();
        return "heard";
    }

    [McpServerTool(Name = "waits")]
    public static async Task<string> WaitsAsync(
        McpServer server, RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken)
    {
        // Who waits for it knows that it runs.
        await server.NotifyProgressAsync(
            request.Params!.ProgressToken!.Value, new ProgressNotificationValue { Progress = 1 }, cancellationToken: cancellationToken);
        await Task.Delay(Timeout.Infinite, cancellationToken);
        return "never said";
    }

    [McpServerTool(Name = "asks")]
    public static string Asks(RequestContext<CallToolRequestParams> request)
    {
        if (request.Params is { RequestState: "asked", InputResponses: { } responses })
        {
            ElicitResult answer = responses["name"].Deserialize(InputResponse.ElicitResultJsonTypeInfo)!;
            return answer.Content is null ? answer.Action : $"Hello, {answer.Content["name"]}";
        }

        throw new InputRequiredException(
            new Dictionary<string, InputRequest>
            {
                ["name"] = InputRequest.ForElicitation(new ElicitRequestParams
                {
                    Message = "Who are you?",
                    RequestedSchema = new() { Properties = { ["name"] = new ElicitRequestParams.StringSchema() }, Required = ["name"] },
                }),
            },
            requestState: "asked");
    }

    internal sealed record Sum(int Total);
}

[McpServerPromptType]
internal sealed class SamplePrompts
{
    [McpServerPrompt(Name = "greeting")]
    public static string Greeting(string name) => $"Greet {name}.";
}

[McpServerResourceType]
internal sealed class SampleResources
{
    [McpServerResource(UriTemplate = "sample://text", Name = "text")]
    public static string Text() => "A text.";
}
