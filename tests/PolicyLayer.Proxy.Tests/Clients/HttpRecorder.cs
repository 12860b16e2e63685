using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace PolicyLayer.Tests.Proxy.Clients;

/// <summary>Stands between a client and a server of streamable HTTP, and keeps what bodies they sent, byte for byte.</summary>
internal sealed partial class HttpRecorder : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
    private readonly ConcurrentBag<Exchange> _exchanges = [];
    private readonly Uri _server;

    private HttpRecorder(Uri server)
    {
        _server = server;
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _application = builder.Build();
        _application.Urls.Add("http://127.0.0.1:0");
        _application.Run(PassAsync);
    }

    /// <summary>Where the client calls.</summary>
    public Uri Address => new(new Uri(_application.Urls.First()), _server.AbsolutePath);

    /// <summary>The bodies that clients sent; Latin-1, in which each byte is a character.</summary>
    public IEnumerable<string> Requests => _exchanges.Select(exchange => Encoding.Latin1.GetString(exchange.Request));

    public static async Task<HttpRecorder> StartAsync(Uri server)
    {
        var recorder = new HttpRecorder(server);
        await recorder._application.StartAsync();
        return recorder;
    }

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        _client.Dispose();
    }

    /// <summary>This recorder, before a proxy, saw the same exchanges as the one behind it.</summary>
    /// <param name="behind">The other recorder.</param>
    /// <param name="forgive">Takes out of a text what may differ; null for nothing.</param>
    public void RequireSame(HttpRecorder behind, Func<string, string>? forgive = null)
    {
        forgive ??= text => text;
        ILookup<string, Exchange> seen = Posts(behind, forgive);
        ILookup<string, Exchange> own = Posts(this, forgive);
        Assert.NotEmpty(seen);
        string[] cancelled = [.. own.SelectMany(asked => Cancelled().Matches(asked.Key)).Select(match => match.Groups[1].Value)];
        foreach (string request in seen.Select(asked => asked.Key).Union(own.Select(asked => asked.Key)))
        {
            // Late answers to what the client cancelled go no further than the proxy.
            if (cancelled.Any(id => request.Contains($"\"id\":{id}}}", StringComparison.Ordinal)
                || request.Contains($"\"id\":{id},", StringComparison.Ordinal)))
            {
                continue;
            }

            // What the client gave up may end there before it got through, and here before anything of its answer came.
            bool isGivenUp = own[request].Any() && own[request].All(exchange => exchange.IsCut);
            Assert.Equal(own[request].Count(), isGivenUp ? own[request].Count() : seen[request].Count());
            foreach ((Exchange expected, Exchange actual) in seen[request].Zip(own[request]))
            {
                string passed = forgive(actual.ToString());
                RequireSame(WithoutElsewhere(forgive(expected.ToString()), passed), passed, isGivenUp);
            }
        }
    }

    [GeneratedRegex("notifications/cancelled.*\"requestId\":([^,}]+)")]
    private static partial Regex Cancelled();

    // What a client gives up ends here a little earlier than there.
    private static void RequireSame(string expected, string actual, bool isCut)
    {
        int length = isCut ? Math.Min(expected.Length, actual.Length) : int.MaxValue;
        (expected, actual) = (expected[..Math.Min(length, expected.Length)], actual[..Math.Min(length, actual.Length)]);
        Assert.True(expected == actual, $"Behind the proxy:\n{expected}\nbefore it:\n{actual}");
    }

    // A server that replays all its events on a stream that is resumed answers there too what it answers here: the first one goes on.
    private string WithoutElsewhere(string expected, string actual)
    {
        string[] here = actual.Split('\n');
        string[] resumed =
            [.. _exchanges.Where(exchange => exchange.Method == HttpMethods.Get).SelectMany(exchange => exchange.ToString().Split('\n'))];
        return string.Join('\n', expected.Split('\n').Where(line =>
            !line.StartsWith("data: {", StringComparison.Ordinal) || here.Contains(line) || !resumed.Contains(line)));
    }

    // Streams that only an end of their session ends may be cut anywhere.
    private static ILookup<string, Exchange> Posts(HttpRecorder recorder, Func<string, string> forgive) =>
        recorder._exchanges.Where(exchange => exchange.Method == HttpMethods.Post)
            .OrderBy(exchange => forgive(exchange.ToString()), StringComparer.Ordinal)
            .ToLookup(exchange => forgive(Encoding.Latin1.GetString(exchange.Request)), StringComparer.Ordinal);

    private async Task PassAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), _server);
        request.Content = body.Length > 0 ? new ByteArrayContent(body.ToArray()) : null;
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues values) in context.Request.Headers)
        {
            if (name is not ("Host" or "Connection" or "Transfer-Encoding" or "Content-Length")
                && !request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }

        var exchange = new Exchange(context.Request.Method, body.ToArray());
        _exchanges.Add(exchange);
        using HttpResponseMessage response = await _client.SendAsync(
            request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        context.Response.StatusCode = (int)response.StatusCode;
        foreach ((string name, IEnumerable<string> values) in response.Headers.Concat(response.Content.Headers))
        {
            if (name is not ("Connection" or "Transfer-Encoding" or "Keep-Alive" or "Date"))
            {
                context.Response.Headers[name] = values.ToArray();
            }
        }

        exchange.Head = $"{(int)response.StatusCode} {response.Content.Headers.ContentType?.MediaType}\n";
        await CopyAsync(context, response, exchange);
    }

    private static async Task CopyAsync(HttpContext context, HttpResponseMessage response, Exchange exchange)
    {
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        await context.Response.StartAsync(context.RequestAborted);
        await using Stream stream = await response.Content.ReadAsStreamAsync(context.RequestAborted);
        byte[] buffer = new byte[16384];
        while (await stream.ReadAsync(buffer, context.RequestAborted) is > 0 and int read)
        {
            exchange.Answer.Write(buffer.AsSpan(0, read));
            await context.Response.Body.WriteAsync(buffer.AsMemory(0, read), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }

        exchange.IsCut = false;
    }

    private sealed record Exchange(string Method, byte[] Request)
    {
        /// <summary>The answer's status and type, once there is one.</summary>
        public string Head { get; set; } = "";

        public MemoryStream Answer { get; } = new();

        /// <summary>Whether its answer isn't over, or won't be.</summary>
        public bool IsCut { get; set; } = true;

        /// <summary>Latin-1, in which each byte is a character.</summary>
        public override string ToString() =>
            $"{Encoding.Latin1.GetString(Request)}\n{Head}{Encoding.Latin1.GetString(Answer.ToArray())}";
    }
}
