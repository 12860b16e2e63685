using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace PolicyLayer.Tests.Proxy.Clients;

/// <summary>What the C# client sees of a server: its lists, and the answers to requests, errors included.</summary>
internal sealed partial class SdkWalk
{
    private static readonly (string Step, string Method, string Params)[] Everything =
    [
        ("echo", "tools/call", """{"name":"echo","arguments":{"message":"a \"b\" é"}}"""),
        ("sum", "tools/call", """{"name":"get-sum","arguments":{"a":1e21,"b":-0.5}}"""),
        ("structured", "tools/call", """{"name":"get-structured-content","arguments":{"location":"Chicago"}}"""),
        ("sampling", "tools/call", """{"name":"trigger-sampling-request","arguments":{"prompt":"what?"}}"""),
        ("elicitation", "tools/call", """{"name":"trigger-elicitation-request","arguments":{}}"""),
        ("roots", "tools/call", """{"name":"get-roots-list","arguments":{}}"""),
        ("unheard of", "tools/call", """{"name":"no such tool","arguments":{}}"""),
        ("level", "logging/setLevel", """{"level":"error"}"""),
        ("subscribe", "resources/subscribe", """{"uri":"demo://resource/dynamic/text/1"}"""),
        ("updates", "tools/call", """{"name":"toggle-subscriber-updates","arguments":{}}"""),
        ("no updates", "tools/call", """{"name":"toggle-subscriber-updates","arguments":{}}"""),
        ("prompt", "prompts/get", """{"name":"args-prompt","arguments":{"city":"Zürich"}}"""),
        ("no prompt", "prompts/get", """{"name":"none"}"""),
        ("resource", "resources/read", """{"uri":"demo://resource/dynamic/text/5"}"""),
        ("completion", "completion/complete",
            """{"ref":{"type":"ref/prompt","name":"completable-prompt"},"argument":{"name":"department","value":"E"}}"""),
        ("ping", "ping", "{}"),
        ("unknown", "x/unknown", """{"a":[1,null]}"""),
    ];

    private static readonly (string Step, string Method, string Params)[] Sample =
    [
        ("echo", "tools/call", """{"name":"echo","arguments":{"text":"a \"b\" é"}}"""),
        ("sum", "tools/call", """{"name":"sum","arguments":{"a":2,"b":3}}"""),
        ("unheard of", "tools/call", """{"name":"no such tool","arguments":{}}"""),
        ("prompt", "prompts/get", """{"name":"greeting","arguments":{"name":"Zoë"}}"""),
        ("no prompt", "prompts/get", """{"name":"none"}"""),
        ("resource", "resources/read", """{"uri":"sample://text"}"""),
        ("unknown", "x/unknown", """{"a":[1,null]}"""),
    ];

    private readonly JsonObject _seen = [];
    private readonly SortedSet<string> _asked = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _notes = new(StringComparer.Ordinal);

    private SdkWalk()
    {
    }

    /// <summary>Walks over the server that has something of everything.</summary>
    public static Task<JsonObject> OfEverythingAsync(IClientTransport transport, string revision) =>
        RunAsync(transport, revision, Everything, "trigger-long-running-operation", """{"duration":3,"steps":60}""");

    /// <summary>Walks over the sample server.</summary>
    public static Task<JsonObject> OfSampleAsync(IClientTransport transport, string revision) =>
        RunAsync(transport, revision, Sample, "waits", "{}");

    /// <summary>A walk saw the same as another.</summary>
    public static void RequireSame(JsonObject direct, JsonObject proxied)
    {
        foreach ((string step, JsonNode? seen) in direct["seen"]!.AsObject())
        {
            Assert.Equal($"{step}: {seen?.ToJsonString()}", $"{step}: {proxied["seen"]![step]?.ToJsonString()}");
        }

        Assert.Equal(direct.ToJsonString(), proxied.ToJsonString());
        Assert.Equal("It was cancelled.", (string?)direct["seen"]!["cancelled"]);
    }

    /// <summary>Walks over a server, in a session that ends with it.</summary>
    /// <param name="transport">The way to the server.</param>
    /// <param name="revision">The protocol's revision.</param>
    /// <param name="requests">What is asked, each as a step's name, a method and its parameters.</param>
    /// <param name="waits">A tool that reports progress, and waits.</param>
    /// <param name="arguments">Its arguments.</param>
    private static async Task<JsonObject> RunAsync(
        IClientTransport transport, string revision, (string Step, string Method, string Params)[] requests, string waits, string arguments)
    {
        var walk = new SdkWalk();
        await using McpClient client = await McpClient.CreateAsync(transport, walk.Options(revision));
        await walk.StepAsync("server", () => Task.FromResult(
            Node(client.NegotiatedProtocolVersion, client.ServerInfo, client.ServerCapabilities, client.ServerInstructions)));
        await walk.StepAsync("tools", async () => Node([.. (await client.ListToolsAsync()).Select(tool => tool.ProtocolTool)]));
        await walk.StepAsync("prompts", async () => Node([.. (await client.ListPromptsAsync()).Select(prompt => prompt.ProtocolPrompt)]));
        await walk.StepAsync(
            "resources", async () => Node([.. (await client.ListResourcesAsync()).Select(resource => resource.ProtocolResource)]));
        foreach ((string step, string method, string parameters) in requests)
        {
            await walk.StepAsync(step, async () => (await client.SendRequestAsync(
                new JsonRpcRequest { Method = method, Params = JsonNode.Parse(parameters) })).Result);
        }

        await walk.StepAsync("cancelled", () => CancelAsync(client, waits, arguments));
        await walk.StepAsync("at the end", async () => Node((await client.ListToolsAsync()).Count));
        var all = new JsonObject
        {
            ["seen"] = walk._seen,
            ["asked"] = Node([.. walk._asked]),
            ["notes"] = Node([.. walk._notes]),
        };
        return JsonNode.Parse(Changing().Replace(all.ToJsonString(), "[changes]"))!.AsObject();
    }

    private static async Task<JsonNode?> CancelAsync(McpClient client, string tool, string arguments)
    {
        using var cancel = new CancellationTokenSource();
        var heard = new Heard(cancel.Cancel);
        await client.CallToolAsync(
            tool, JsonSerializer.Deserialize<Dictionary<string, object?>>(arguments), heard, cancellationToken: cancel.Token);
        return "It wasn't cancelled.";
    }

    private static JsonNode? Node(params object?[] values) => JsonSerializer.SerializeToNode(values, McpJsonUtilities.DefaultOptions);

    [GeneratedRegex(@"\d{1,2}:\d\d:\d\d [AP]M|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")]
    private static partial Regex Changing();

    private async Task StepAsync(string name, Func<Task<JsonNode?>> act)
    {
        try
        {
            _seen[name] = (await act())?.DeepClone();
        }
        catch (McpProtocolException e)
        {
            _seen[name] = $"{e.ErrorCode}: {e.Message}";
        }
        catch (HttpRequestException e)
        {
            _seen[name] = e.Message;
        }
        catch (OperationCanceledException)
        {
            _seen[name] = "It was cancelled.";
        }
    }

    private McpClientOptions Options(string revision)
    {
        var options = new McpClientOptions { ProtocolVersion = revision };
        options.Handlers.ElicitationHandler = (request, _) => Answer(request, new ElicitResult
        {
            Action = "accept",
            Content = new Dictionary<string, JsonElement> { ["name"] = JsonSerializer.SerializeToElement("Ada") },
        });
        options.Handlers.SamplingHandler = (request, _, _) => Answer(request, new CreateMessageResult
        {
            Content = [new TextContentBlock { Text = "Said." }],
            Model = "a-model",
            Role = Role.Assistant,
        });
        options.Handlers.RootsHandler = (_, _) => new(new ListRootsResult { Roots = [new Root { Uri = "file:///a%20b", Name = "a" }] });
        options.Handlers.NotificationHandlers =
        [
            .. new[] { "notifications/tools/list_changed", "notifications/resources/updated" }.Select(method => KeyValuePair.Create(
                method, new Func<JsonRpcNotification, CancellationToken, ValueTask>((note, _) =>
                {
                    lock (_notes)
                    {
                        _notes.Add($"{note.Method} {note.Params?.ToJsonString()}");
                    }

                    return default;
                }))),
        ];
        return options;
    }

    private ValueTask<T> Answer<T>(object? request, T answer)
    {
        lock (_asked)
        {
            _asked.Add(JsonSerializer.Serialize(request, McpJsonUtilities.DefaultOptions));
        }

        return new(answer);
    }

    private sealed class Heard(Action act) : IProgress<ProgressNotificationValue>
    {
        public void Report(ProgressNotificationValue value) => act();
    }
}
