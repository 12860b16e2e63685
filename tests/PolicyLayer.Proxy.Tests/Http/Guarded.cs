using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using PolicyLayer.Grants;
using PolicyLayer.Proxy;

namespace PolicyLayer.Tests.Proxy.Http;

/// <summary>A recording server, and a proxy before it.</summary>
internal sealed class Guarded : IAsyncDisposable
{
    public const string Document = """
        {
          "version": "1", "name": "p", "default": "deny", "hide": ["secret"],
          "tools": {
            "echo": {},
            "asked": { "action": "require_approval" },
            "once": { "limits": [{ "counter": "c", "max": 1, "window": "hour" }] },
            "session_once": { "limits": [{ "counter": "s", "max": 1, "window": "hour", "scope": "session" }] }
          }
        }
        """;

    private Guarded(RecordingServer server, HttpProxy proxy, ToolCallAuthorizer authorizer, GrantDirectory grants, FakeTimeProvider clock)
    {
        (Server, Proxy, Authorizer, Grants, Clock) = (server, proxy, authorizer, grants, clock);
        Client.BaseAddress = proxy.Address;
        Client.DefaultRequestHeaders.Accept.ParseAdd("application/json, text/event-stream");
    }

    public RecordingServer Server { get; }

    public HttpProxy Proxy { get; }

    public ToolCallAuthorizer Authorizer { get; }

    public GrantDirectory Grants { get; }

    public FakeTimeProvider Clock { get; }

    public HttpClient Client { get; } = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(60) };

    public static string TokenOf(string grant) => $"token-of-{grant}";

    public static Grant GrantOf(string id, bool isRevoked = false) =>
        new(id) { TokenSha256 = GrantToken.Hash(TokenOf(id)), IsRevoked = isRevoked };

    public static async Task<Guarded> StartAsync(Action<HttpProxyOptions>? configure = null, Uri? upstream = null)
    {
        RecordingServer server = await RecordingServer.StartAsync();
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(60));
        var grants = new GrantDirectory([GrantOf("a"), GrantOf("b"), GrantOf("gone", isRevoked: true)]);
        var authorizer = new ToolCallAuthorizer(
            Policy.Parse(Document), new ToolCallAuthorizerOptions { Grants = grants, TimeProvider = clock });
        var options = new HttpProxyOptions { Grants = grants };
        options.Guard.TimeProvider = clock;
        configure?.Invoke(options);
        HttpProxy proxy = await HttpProxy.StartAsync(authorizer, upstream ?? server.Address, options);
        return new Guarded(server, proxy, authorizer, grants, clock);
    }

    /// <summary>A call of a tool.</summary>
    public static string Call(string tool, string id = "1", string arguments = "{}") =>
        $$"""{"jsonrpc":"2.0","id":{{id}},"method":"tools/call","params":{"name":"{{tool}}","arguments":{{arguments}} } }""";

    /// <summary>A request of grant <c>a</c>, unless headers say otherwise. A header without a value is left out.</summary>
    public static HttpRequestMessage Request(HttpMethod method, string? body, params (string Name, string? Value)[] headers)
    {
        var request = new HttpRequestMessage(method, "");
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", TokenOf("a"));
        foreach ((string name, string? value) in headers)
        {
            bool isOfContent = name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase);
            HttpHeaders all = isOfContent ? request.Content!.Headers : request.Headers;
            if (name is "Authorization" or "Content-Type")
            {
                all.Remove(name);
            }

            if (value is not null)
            {
                all.TryAddWithoutValidation(name, value);
            }
        }

        return request;
    }

    public Task<HttpResponseMessage> SendAsync(string body, params (string Name, string? Value)[] headers) =>
        Client.SendAsync(Request(HttpMethod.Post, body, headers), HttpCompletionOption.ResponseHeadersRead);

    /// <summary>Sends a message and reads the whole answer.</summary>
    public async Task<(int Status, string Text)> PostAsync(string body, params (string Name, string? Value)[] headers)
    {
        using HttpResponseMessage response = await SendAsync(body, headers);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Task ending = Proxy.DisposeAsync().AsTask();
        while (!ending.IsCompleted)
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(ending, Task.Delay(10));
        }

        await ending;
        await Server.DisposeAsync();
    }
}
