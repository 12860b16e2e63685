using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace PolicyLayer.Tests.Proxy.Clients;

/// <summary>Stands between a client and a server of streamable HTTP, and keeps what bodies they sent, byte for byte.</summary>
internal sealed class HttpRecorder : IAsyncDisposable
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
        Exchange[] seen = Posts(behind);
        Exchange[] own = Posts(this);
        Assert.NotEmpty(seen);
        Assert.Equal(seen.Length, own.Length);
        forgive ??= text => text;
        foreach ((Exchange expected, Exchange actual) in seen.Zip(own))
        {
            string whole = forgive(expected.ToString());
            string text = forgive(actual.ToString());

            // What a client gives up ends here a little earlier than there.
            int length = expected.IsCut || actual.IsCut ? Math.Min(whole.Length, text.Length) : int.MaxValue;
            Assert.Equal(whole[..Math.Min(length, whole.Length)], text[..Math.Min(length, text.Length)]);
        }
    }

    // Streams that only an end of their session ends may be cut anywhere.
    private static Exchange[] Posts(HttpRecorder recorder) =>
    [
        .. recorder._exchanges.Where(exchange => exchange.Method == HttpMethods.Post)
            .OrderBy(exchange => exchange.ToString(), StringComparer.Ordinal),
    ];

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

        string type = response.Content.Headers.ContentType?.MediaType ?? "";
        await CopyAsync(context, response, new Exchange(context.Request.Method, body.ToArray(), (int)response.StatusCode, type));
    }

    private async Task CopyAsync(HttpContext context, HttpResponseMessage response, Exchange exchange)
    {
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        await context.Response.StartAsync(context.RequestAborted);
        try
        {
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
        finally
        {
            _exchanges.Add(exchange);
        }
    }

    private sealed record Exchange(string Method, byte[] Request, int Status, string Type)
    {
        public MemoryStream Answer { get; } = new();

        public bool IsCut { get; set; } = true;

        /// <summary>Latin-1, in which each byte is a character.</summary>
        public override string ToString() =>
            $"{Encoding.Latin1.GetString(Request)}\n{Status} {Type}\n{Encoding.Latin1.GetString(Answer.ToArray())}";
    }
}
