using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using PolicyLayer.Grants;
using PolicyLayer.Proxy;

namespace PolicyLayer.Tests.Proxy.Bridging;

/// <summary>A proxy over HTTP before a server that it starts as a process.</summary>
internal sealed class Bridged : IAsyncDisposable
{
    public const string Initialize =
        """{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{}}}""";

    public const string Document = """
        {
          "version": "1", "name": "p", "default": "deny", "hide": ["secret"],
          "tools": {
            "asked": { "action": "require_approval" },
            "echo": {}, "slow": {}, "crash": {}, "garbage": {}, "batch": {}, "ask": {}, "asks": {}, "release": {}, "news": {},
            "slow_once": { "limits": [{ "counter": "o", "max": 1, "window": "hour" }] },
            "once": { "limits": [{ "counter": "c", "max": 1, "window": "hour" }] },
            "session_once": { "limits": [{ "counter": "s", "max": 1, "window": "hour", "scope": "session" }] }
          }
        }
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _folder;

    private Bridged(string folder, HttpProxy proxy, ToolCallAuthorizer authorizer)
    {
        (_folder, Proxy, Authorizer) = (folder, proxy, authorizer);
        Client.BaseAddress = proxy.Address;
    }

    public HttpProxy Proxy { get; }

    public ToolCallAuthorizer Authorizer { get; }

    public HttpClient Client { get; } = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = Patience };

    /// <summary>The lines that the servers were handed.</summary>
    public string[] Recorded => ReadLines("record");

    /// <summary>The processes that were started.</summary>
    public int[] Started => [.. ReadLines("starts").Select(line => int.Parse(line, CultureInfo.InvariantCulture))];

    public static async Task<Bridged> StartAsync(Action<HttpProxyOptions>? configure = null, string? mode = null)
    {
        string folder = Directory.CreateTempSubdirectory("policylayer-bridge-").FullName;
        var grants = new GrantDirectory([GrantOf("a"), GrantOf("b")]);
        var options = new HttpProxyOptions { Grants = grants };
        configure?.Invoke(options);
        var authorizer = new ToolCallAuthorizer(
            Policy.Parse(Document), new ToolCallAuthorizerOptions { Grants = grants, TimeProvider = options.Guard.TimeProvider });
        string program = Path.Combine(AppContext.BaseDirectory, "PolicyLayer.Proxy.Upstream.dll");
        string[] settings = [$"RECORD={Path.Combine(folder, "record")}", $"STARTS={Path.Combine(folder, "starts")}", $"MODE={mode}"];
        HttpProxy proxy = await HttpProxy.StartAsync(
            authorizer, new UpstreamCommand("dotnet", [program, .. settings]), options, CancellationToken.None);
        return new Bridged(folder, proxy, authorizer);
    }

    public static Grant GrantOf(string id) => new(id) { TokenSha256 = GrantToken.Hash(TokenOf(id)) };

    /// <summary>A call of a tool in a session.</summary>
    public static string Call(string tool, string id = "1", string arguments = "{}", string? token = null)
    {
        string meta = token is null ? "" : ",\"_meta\":{\"progressToken\":" + token + "}";
        string parameters = $$"""{"name":"{{tool}}","arguments":{{arguments}}{{meta}}}""";
        return $$"""{"jsonrpc":"2.0","id":{{id}},"method":"tools/call","params":{{parameters}}}""";
    }

    /// <summary>A request of a caller without sessions.</summary>
    public static string Stateless(string method, string id, string more = "", string meta = "")
    {
        const string Revision = "\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\"";
        string all = $$"""{{{Revision}},"io.modelcontextprotocol/clientCapabilities":{}{{meta}}}""";
        return $$$"""{"jsonrpc":"2.0","id":{{{id}}},"method":"{{{method}}}","params":{{{{more}}}"_meta":{{{all}}}}}""";
    }

    /// <summary>A call of a tool by a caller without sessions.</summary>
    public static string StatelessCall(string tool, string id = "1", string arguments = "{}", string? token = null) =>
        Stateless("tools/call", id, $"\"name\":\"{tool}\",\"arguments\":{arguments},", token is null ? "" : $",\"progressToken\":{token}");

    /// <summary>Sends a message, in a session or without.</summary>
    public async Task<HttpResponseMessage> SendAsync(
        string body, string grant = "a", string? session = null, bool takesEvents = true, CancellationToken cancellationToken = default)
    {
        HttpRequestMessage request = Request(HttpMethod.Post, grant, session);
        if (!takesEvents)
        {
            request.Headers.Accept.Clear();
            request.Headers.Accept.ParseAdd("application/json");
        }

        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (body.Contains("2026-07-28", StringComparison.Ordinal))
        {
            request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
            request.Headers.Add("Mcp-Method", Regex.Match(body, "\"method\":\"([^\"]*)\"").Groups[1].Value);
            if (Regex.Match(body, "\"name\":\"([^\"]*)\"") is { Success: true } name)
            {
                request.Headers.Add("Mcp-Name", name.Groups[1].Value);
            }
        }

        return await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    /// <summary>Sends a message and reads the whole answer.</summary>
    public async Task<(int Status, string Text)> PostAsync(
        string body, string grant = "a", string? session = null, bool takesEvents = true)
    {
        using HttpResponseMessage response = await SendAsync(body, grant, session, takesEvents);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Opens a session.</summary>
    public async Task<string> OpenAsync(string grant = "a")
    {
        using HttpResponseMessage response = await SendAsync(Initialize, grant);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        string session = response.Headers.GetValues("Mcp-Session-Id").Single();
        await PostAsync("""{"jsonrpc":"2.0","method":"notifications/initialized"}""", grant, session);
        return session;
    }

    public async Task<HttpResponseMessage> DeleteAsync(string session, string grant = "a") =>
        await Client.SendAsync(Request(HttpMethod.Delete, grant, session));

    /// <summary>Opens the stream that a session reads by itself.</summary>
    public async Task<Events> ListenAsync(string session, string grant = "a", string? lastEvent = null)
    {
        HttpRequestMessage request = Request(HttpMethod.Get, grant, session);
        if (lastEvent is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEvent);
        }

        return await Events.OfAsync(await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead));
    }

    /// <summary>Sends a request whose answer is a stream.</summary>
    public async Task<Events> StreamAsync(string body, string grant = "a", string? session = null) =>
        await Events.OfAsync(await SendAsync(body, grant, session));

    /// <summary>Waits until something is so: what is done by others, in no time that is known.</summary>
    public static Task UntilAsync(Func<bool> isSo) => UntilAsync(() => Task.FromResult(isSo()));

    /// <summary>Waits until something is so that takes its time to be found out.</summary>
    public static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        long start = Stopwatch.GetTimestamp();
        while (!await isSo())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < Patience, "It didn't come to pass.");
            await Task.Delay(10);
        }
    }

    /// <summary>Ends a process in the middle of whatever it does.</summary>
    public static void Kill(int process)
    {
        using var found = Process.GetProcessById(process);
        found.Kill();
    }

    public static bool IsRunning(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return !found.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Proxy.DisposeAsync();
        Assert.All(Started, process => Assert.False(IsRunning(process), "A process is left."));
        Directory.Delete(_folder, recursive: true);
    }

    private static string TokenOf(string grant) => $"token-of-{grant}";

    private static HttpRequestMessage Request(HttpMethod method, string grant, string? session)
    {
        var request = new HttpRequestMessage(method, "");
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", TokenOf(grant));
        if (session is not null)
        {
            request.Headers.Add("Mcp-Session-Id", session);
        }

        return request;
    }

    private string[] ReadLines(string name)
    {
        string file = Path.Combine(_folder, name);
        if (!File.Exists(file))
        {
            return [];
        }

        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
