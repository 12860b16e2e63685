using System.Net.Sockets;
using System.Text;

namespace PolicyLayer.Tests.Proxy.Http;

/// <summary>A request whose headers were read, and whose body hasn't come yet.</summary>
internal sealed class HeldBackRequest : IDisposable
{
    private const string GoOn = "HTTP/1.1 100 Continue\r\n\r\n";

    private readonly TcpClient _client = new();
    private readonly string _body;

    private HeldBackRequest(string body) => _body = body;

    /// <summary>Sends the headers, until the proxy asks for the body.</summary>
    public static async Task<HeldBackRequest> BeginAsync(Uri address, string body, params string[] headers)
    {
        var request = new HeldBackRequest(body);
        await request._client.ConnectAsync(address.Host, address.Port);
        string[] lines =
        [
            "POST / HTTP/1.1", $"Host: {address.Authority}", "Connection: close", "Content-Type: application/json",
            "Accept: application/json, text/event-stream", $"Content-Length: {body.Length}", "Expect: 100-continue", .. headers, "", "",
        ];
        await request._client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(string.Join("\r\n", lines)));
        var asked = new byte[GoOn.Length];
        await request._client.GetStream().ReadExactlyAsync(asked);
        Assert.Equal(GoOn, Encoding.ASCII.GetString(asked));
        return request;
    }

    /// <summary>Sends the body, and reads the whole answer.</summary>
    public async Task<string> EndAsync()
    {
        await _client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(_body));
        using var reader = new StreamReader(_client.GetStream(), Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }

    public void Dispose() => _client.Dispose();
}
