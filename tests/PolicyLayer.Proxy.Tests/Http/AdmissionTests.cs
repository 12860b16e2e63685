using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using PolicyLayer.Proxy;

namespace PolicyLayer.Tests.Proxy.Http;

/// <summary>Which requests are let in at all.</summary>
public sealed class AdmissionTests
{
    [Theory]
    [InlineData("evil.example:{port}", 403)]
    [InlineData("evil.example", 403)]
    [InlineData("127.0.0.1:1", 403)]
    [InlineData("localhost.evil.example:{port}", 403)]
    [InlineData("10.0.0.1:{port}", 403)]
    [InlineData("localhost:{port}", 200)]
    [InlineData("LOCALHOST:{port}", 200)]
    [InlineData("127.0.0.1:{port}", 200)]
    [InlineData("[::1]:{port}", 200)]
    [InlineData("mcp.example", 200)]
    [InlineData("mcp.example:99", 200)]
    [InlineData("one.example:99", 200)]
    [InlineData("one.example:98", 403)]
    public async Task A_request_is_addressed_to_us(string host, int status)
    {
        await using Guarded guarded = await Guarded.StartAsync(options =>
        {
            options.AllowedHosts.Add("mcp.example");
            options.AllowedHosts.Add("one.example:99");
        });
        string port = guarded.Proxy.Address.Port.ToString(System.Globalization.CultureInfo.InvariantCulture);

        (int actual, _) = await guarded.PostAsync(Guarded.Call("echo"), ("Host", host.Replace("{port}", port, StringComparison.Ordinal)));

        Assert.Equal(status, actual);
        Assert.Equal(status == 200 ? 1 : 0, guarded.Server.Requests.Count);
    }

    [Theory]
    [InlineData("https://evil.example", 403)]
    [InlineData("null", 403)]
    [InlineData("https://app.example:444", 403)]
    [InlineData("http://localhost:1", 403)]
    [InlineData("https://app.example", 200)]
    [InlineData("{self}", 200)]
    public async Task A_page_of_another_origin_may_not_call(string origin, int status)
    {
        await using Guarded guarded = await Guarded.StartAsync(options => options.AllowedOrigins.Add("https://app.example"));
        string self = guarded.Proxy.Address.GetLeftPart(UriPartial.Authority);

        using HttpResponseMessage response = await guarded.SendAsync(
            Guarded.Call("echo"), ("Origin", origin.Replace("{self}", self, StringComparison.Ordinal)));

        Assert.Equal(status, (int)response.StatusCode);
        string text = await response.Content.ReadAsStringAsync();
        const string Refusal = """{"jsonrpc":"2.0","error":{"code":-32600,"message":"A page sends it that isn\u0027t allowed to."}}""";
        Assert.Equal(status == 200 ? RecordingServer.Result : Refusal, text);
        Assert.Equal(status == 200 ? 1 : 0, guarded.Server.Requests.Count);
        Assert.Equal(origin == "https://app.example", response.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task A_browser_is_told_what_an_allowed_page_may()
    {
        await using Guarded guarded = await Guarded.StartAsync(options => options.AllowedOrigins.Add("https://app.example"));
        using HttpRequestMessage ask = Guarded.Request(
            HttpMethod.Options, null, ("Authorization", null), ("Origin", "https://app.example"), ("Access-Control-Request-Method", "POST"),
            ("Access-Control-Request-Headers", "authorization,mcp-param-x"));

        using HttpResponseMessage told = await guarded.Client.SendAsync(ask);
        using HttpResponseMessage refused = await guarded.SendAsync(
            Guarded.Call("echo"), ("Origin", "https://app.example"), ("Authorization", null));

        Assert.Equal("https://app.example", told.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Equal("authorization,mcp-param-x", told.Headers.GetValues("Access-Control-Allow-Headers").Single());
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal("Mcp-Session-Id,WWW-Authenticate", refused.Headers.GetValues("Access-Control-Expose-Headers").Single());
    }

    [Theory]
    [InlineData("http://127.0.0.1:0", "/", 200)]
    [InlineData("http://127.0.0.1:0", "/mcp", 200)]
    [InlineData("http://127.0.0.1:0", "/mcp?session=1", 200)]
    [InlineData("http://127.0.0.1:0", "/sse", 404)]
    [InlineData("http://127.0.0.1:0", "/MCP", 404)]
    [InlineData("http://127.0.0.1:0", "/mcp/", 404)]
    [InlineData("http://127.0.0.1:0/tools", "/tools", 200)]
    [InlineData("http://127.0.0.1:0/tools", "/mcp", 404)]
    [InlineData("http://127.0.0.1:0/tools", "/", 404)]
    [InlineData("http://localhost:0", "/", 200)]
    public async Task Only_our_paths_are_served(string listen, string path, int status)
    {
        await using Guarded guarded = await Guarded.StartAsync(options => options.Listen = new Uri(listen));
        using HttpRequestMessage request = Guarded.Request(HttpMethod.Post, Guarded.Call("echo"));
        request.RequestUri = new Uri(guarded.Proxy.Address, path);

        using HttpResponseMessage response = await guarded.Client.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
        if (status == 200)
        {
            Assert.Equal("/up?key=1", guarded.Server.Last.Target);
        }
    }

    [Theory]
    [InlineData(null, "Bearer")]
    [InlineData("", "Bearer")]
    [InlineData("Basic dG9rZW4tb2YtYTo=", "Bearer")]
    [InlineData("Bearer", "Bearer")]
    [InlineData("Bearer nobodys", "Bearer error=\"invalid_token\"")]
    [InlineData("Bearer token-of-gone", "Bearer error=\"invalid_token\"")]
    [InlineData("Bearer token-of-a, Bearer token-of-b", "Bearer")]
    [InlineData("Bearer token-of-a,token-of-b", "Bearer")]
    public async Task A_token_names_the_grant(string? authorization, string challenge)
    {
        await using Guarded guarded = await Guarded.StartAsync();

        using HttpResponseMessage response = await guarded.SendAsync(Guarded.Call("echo"), ("Authorization", authorization));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(challenge, response.Headers.WwwAuthenticate.ToString());
        Assert.Equal(
            """{"jsonrpc":"2.0","error":{"code":-32600,"message":"It needs the bearer token of a grant in force."}}""",
            await response.Content.ReadAsStringAsync());
        Assert.Empty(guarded.Server.Requests);
    }

    [Fact]
    public async Task Two_tokens_in_one_request_name_nobody()
    {
        await using Guarded guarded = await Guarded.StartAsync();
        string body = Guarded.Call("echo");

        string answer = await RawAsync(
            guarded.Proxy.Address, "POST / HTTP/1.1", "Authorization: Bearer token-of-a", "Authorization: Bearer token-of-b",
            "Content-Type: application/json", $"Content-Length: {body.Length}", "", body);

        Assert.StartsWith("HTTP/1.1 401", answer);
        Assert.Empty(guarded.Server.Requests);
    }

    [Fact]
    public async Task Each_grant_has_its_own_quota_and_a_common_one_asks_for_no_token()
    {
        await using Guarded guarded = await Guarded.StartAsync();
        await using Guarded common = await Guarded.StartAsync(options => options.Guard.GrantId = "a");

        (_, string first) = await guarded.PostAsync(Guarded.Call("once"));
        (_, string second) = await guarded.PostAsync(Guarded.Call("once"));
        (_, string other) = await guarded.PostAsync(Guarded.Call("once"), ("Authorization", "bearer  token-of-b"));
        (int status, _) = await common.PostAsync(Guarded.Call("echo"), ("Authorization", null));

        Assert.Equal(RecordingServer.Result, first);
        Assert.Contains("limit_exceeded", second, StringComparison.Ordinal);
        Assert.Equal(RecordingServer.Result, other);
        Assert.Equal(200, status);
    }

    [Fact]
    public async Task Whoever_tries_tokens_waits_and_then_is_not_heard()
    {
        await using Guarded guarded = await Guarded.StartAsync();
        (string, string?) wrong = ("Authorization", "Bearer wrong");
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(401, (await guarded.PostAsync(Guarded.Call("echo"), wrong)).Status);
        }

        // More than so many answers don't wait.
        List<Task<(int Status, string)>> waiting = [];
        while (waiting.Count < 17 || !waiting.Exists(task => task.IsCompleted))
        {
            waiting.Add(guarded.PostAsync(Guarded.Call("echo"), wrong));
            await Task.WhenAny([.. waiting, Task.Delay(10)]);
        }

        Assert.Equal(429, (await waiting.Find(task => task.IsCompleted)!).Status);
        Assert.Equal(200, (await guarded.PostAsync(Guarded.Call("echo"))).Status);
        Task<(int Status, string)[]> all = Task.WhenAll(waiting);
        while (!all.IsCompleted)
        {
            guarded.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(all, Task.Delay(10));
        }

        Assert.InRange((await all).Count(answer => answer.Status == 401), 16, waiting.Count - 1);
    }

    [Theory]
    [InlineData("GET", 405)]
    [InlineData("DELETE", 405)]
    [InlineData("PUT", 405)]
    [InlineData("HEAD", 405)]
    [InlineData("OPTIONS", 405)]
    public async Task Other_methods_and_the_old_transport_are_not_served(string method, int status)
    {
        await using Guarded guarded = await Guarded.StartAsync();
        using HttpRequestMessage request = Guarded.Request(new HttpMethod(method), null);

        using HttpResponseMessage response = await guarded.Client.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("POST", response.Content.Headers.Allow.Single());
        Assert.Empty(guarded.Server.Requests);
    }

    [Theory]
    [InlineData("Content-Type", null)]
    [InlineData("Content-Type", "text/plain")]
    [InlineData("Content-Type", "application/json; charset=utf-16")]
    [InlineData("Content-Type", "application/json; charset=latin1")]
    [InlineData("Content-Type", "application/json; boundary=x")]
    [InlineData("Content-Type", "application/json, application/json")]
    [InlineData("Content-Type", "application/json; charset=utf-8; charset=utf-8")]
    [InlineData("Content-Type", "application/jsonp")]
    [InlineData("Content-Encoding", "gzip")]
    [InlineData("Content-Encoding", "identity")]
    public async Task A_body_has_one_reading(string name, string? value)
    {
        await using Guarded guarded = await Guarded.StartAsync();

        (int status, _) = await guarded.PostAsync(Guarded.Call("echo"), (name, value));

        Assert.Equal(415, status);
        Assert.Empty(guarded.Server.Requests);
    }

    [Theory]
    [InlineData("Content-Type: application/json", 415)]
    [InlineData("X-Session: one", 400)]
    public async Task What_says_how_a_request_is_read_stands_there_once(string header, int status)
    {
        await using Guarded guarded = await Guarded.StartAsync(options => options.SessionHeader = "X-Session");
        string body = Guarded.Call("echo");
        string[] all = ["Content-Type: application/json", "X-Session: one"];

        string answer = await RawAsync(
            guarded.Proxy.Address,
            ["POST / HTTP/1.1", "Authorization: Bearer token-of-a", header, .. all, $"Content-Length: {body.Length}", "", body]);

        Assert.StartsWith($"HTTP/1.1 {status}", answer);
        Assert.Empty(guarded.Server.Requests);
    }

    [Theory]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/json; charset=\"UTF-8\"")]
    [InlineData("Application/JSON")]
    public async Task JSON_in_UTF_8_is_taken(string type)
    {
        await using Guarded guarded = await Guarded.StartAsync();

        Assert.Equal(200, (await guarded.PostAsync(Guarded.Call("echo"), ("Content-Type", type))).Status);
        Assert.Equal("application/json", guarded.Server.Last.Headers["Content-Type"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_has_its_bounds(bool hasLength)
    {
        await using Guarded guarded = await Guarded.StartAsync(options => options.Guard.MaxMessageBytes = 2048);
        string fits = Guarded.Call("echo", arguments: $$"""{"a":"{{new string('x', 1500)}}"}""");
        string tooLarge = Guarded.Call("echo", arguments: $$"""{"a":"{{new string('x', 2048)}}"}""");

        (int good, _) = await guarded.PostAsync(fits, ("Transfer-Encoding", hasLength ? null : "chunked"));
        (int status, string text) = await guarded.PostAsync(tooLarge, ("Transfer-Encoding", hasLength ? null : "chunked"));

        Assert.Equal(200, good);
        Assert.Equal(413, status);
        Assert.Equal("""{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"The message is too large."}}""", text);
        Assert.Equal(fits, Assert.Single(guarded.Server.Requests).Text);
    }

    [Fact]
    public async Task A_proxy_that_nobody_could_call_does_not_start()
    {
        var authorizer = new ToolCallAuthorizer(Policy.Parse(Guarded.Document));
        var upstream = new Uri("http://127.0.0.1:1");

        await Assert.ThrowsAsync<ArgumentException>(() => HttpProxy.StartAsync(authorizer, upstream));
        await Assert.ThrowsAsync<ArgumentException>(() => StartAsync(options => options.Listen = new Uri("http://example.com:80")));
        await Assert.ThrowsAsync<ArgumentException>(() => StartAsync(options => options.Listen = new Uri("https://127.0.0.1:0")));
        await Assert.ThrowsAsync<ArgumentException>(() => StartAsync(options => options.AllowedOrigins.Add("*")));
        await Assert.ThrowsAsync<ArgumentException>(() => StartAsync(options => options.UpstreamHeaders["Host"] = "x"));
        await Assert.ThrowsAsync<ArgumentException>(() => StartAsync(options => options.UpstreamHeaders["X"] = "a\r\nb"));
        await Assert.ThrowsAsync<ArgumentException>(() => StartAsync(options => options.SessionHeader = "Authorization"));

        Task<HttpProxy> StartAsync(Action<HttpProxyOptions> configure)
        {
            var options = new HttpProxyOptions();
            options.Guard.GrantId = "g";
            configure(options);
            return HttpProxy.StartAsync(authorizer, upstream, options);
        }
    }

    [Fact]
    public async Task A_certificate_serves_HTTPS()
    {
        using RSA key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        await using Guarded guarded = await Guarded.StartAsync(options =>
        {
            options.Listen = new Uri("https://127.0.0.1:0");
            options.Certificate = certificate;
        });
        using var handler = new SocketsHttpHandler { UseProxy = false };
        handler.SslOptions.RemoteCertificateValidationCallback =
            (_, shown, _, _) => shown?.GetCertHashString() == certificate.Thumbprint;
        using var client = new HttpClient(handler);
        using HttpRequestMessage call = Guarded.Request(HttpMethod.Post, Guarded.Call("echo"));
        call.RequestUri = guarded.Proxy.Address;

        using HttpResponseMessage response = await client.SendAsync(call);

        Assert.Equal(Uri.UriSchemeHttps, guarded.Proxy.Address.Scheme);
        Assert.Equal(RecordingServer.Result, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_request_that_is_not_admitted_is_counted()
    {
        await using Guarded guarded = await Guarded.StartAsync();
        var reasons = new ConcurrentQueue<object?>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "policylayer.proxy.authentication.failures")
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => reasons.Enqueue(tags[0].Value));
        listener.Start();

        await guarded.PostAsync(Guarded.Call("echo"), ("Authorization", "Bearer token-of-gone"));

        Assert.Contains("not_in_force", reasons);
    }

    [Fact]
    public async Task An_address_in_use_is_an_error_that_says_so()
    {
        await using Guarded guarded = await Guarded.StartAsync();

        await Assert.ThrowsAsync<IOException>(() => Guarded.StartAsync(options => options.Listen = guarded.Proxy.Address));
    }

    internal static async Task<string> RawAsync(Uri address, params string[] lines)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        NetworkStream stream = client.GetStream();
        string text = string.Join("\r\n", (string[])[lines[0], $"Host: {address.Authority}", "Connection: close", .. lines[1..]]);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(text));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }
}
