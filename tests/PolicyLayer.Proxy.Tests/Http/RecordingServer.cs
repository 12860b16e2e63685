using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace PolicyLayer.Tests.Proxy.Http;

/// <summary>A request as it came to the server.</summary>
internal sealed record RecordedRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);
}

/// <summary>A server that takes down what it gets, and answers as a test says.</summary>
internal sealed class RecordingServer : IAsyncDisposable
{
    public const string Result = """{"jsonrpc":"2.0","id":1,"result":{"content":[ ],"x":1.0}}""";

    private readonly WebApplication _application;

    private RecordingServer()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.Limits.MaxRequestBodySize = null;
            options.Listen(IPAddress.Loopback, 0);
        });
        _application = builder.Build();
        _application.Run(HandleAsync);
    }

    public ConcurrentQueue<RecordedRequest> Requests { get; } = new();

    /// <summary>How it answers: a result for the request's id by default.</summary>
    public Func<HttpContext, RecordedRequest, Task> Answer { get; set; } = AnswerResultAsync;

    public Uri Address => new(_application.Urls.First() + "/up?key=1");

    public RecordedRequest Last => Requests.Last();

    public static async Task<RecordingServer> StartAsync()
    {
        var server = new RecordingServer();
        await server._application.StartAsync();
        return server;
    }

    /// <summary>Answers with JSON.</summary>
    public static Task JsonAsync(HttpContext context, string json, int status = 200)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json);
    }

    /// <summary>Answers with events, and goes on when it says so.</summary>
    public static async Task EventsAsync(HttpContext context, params string[] pieces)
    {
        if (!context.Response.HasStarted)
        {
            context.Response.ContentType = "text/event-stream";
        }

        foreach (string piece in pieces)
        {
            await context.Response.WriteAsync(piece);
            await context.Response.Body.FlushAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        try
        {
            await _application.StopAsync(now.Token);
        }
        catch (OperationCanceledException)
        {
        }

        await _application.DisposeAsync();
    }

    private static Task AnswerResultAsync(HttpContext context, RecordedRequest request)
    {
        JsonNode? id = request.Body.Length == 0 ? null : JsonNode.Parse(request.Body)!["id"];
        if (id is null)
        {
            context.Response.StatusCode = StatusCodes.Status202Accepted;
            return Task.CompletedTask;
        }

        return JsonAsync(context, Result.Replace("\"id\":1", $"\"id\":{id.ToJsonString()}", StringComparison.Ordinal));
    }

    private async Task HandleAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var headers = context.Request.Headers.ToDictionary(
            header => header.Key, header => string.Join('|', header.Value.ToArray()), StringComparer.OrdinalIgnoreCase);
        var request = new RecordedRequest(
            context.Request.Method, context.Request.Path + context.Request.QueryString, headers, body.ToArray());
        Requests.Enqueue(request);
        await Answer(context, request);
    }
}
