using System.Text;
using System.Text.Json.Nodes;

namespace PolicyLayer.Tests.Mcp;

/// <summary>Sends requests as they are written, and waits for the answer to each.</summary>
internal sealed class RawClient(Stream output, Stream input, string revision) : IDisposable
{
    private readonly StreamReader _reader = new(input, Encoding.UTF8);
    private int _id;

    /// <summary>What a revision wants of each request.</summary>
    public string Meta => revision == GuardedServer.July2026
        ? """
          "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",
            "io.modelcontextprotocol/clientInfo":{"name":"raw","version":"1"},
            "io.modelcontextprotocol/clientCapabilities":{"elicitation":{}}}
          """
        : """ "_meta":{} """;

    public void Dispose() => _reader.Dispose();

    /// <summary>Shakes hands, where the revision has that.</summary>
    public async Task<RawClient> ReadyAsync()
    {
        if (revision != GuardedServer.July2026)
        {
            await SendAsync(
                "initialize",
                $$$"""{"protocolVersion":"{{{revision}}}","capabilities":{"elicitation":{}},"clientInfo":{"name":"raw","version":"1"}}""");
            await WriteAsync("""{"jsonrpc":"2.0","method":"notifications/initialized"}""");
        }

        return this;
    }

    /// <summary>Calls a tool with <c>params</c> that are this text, in braces, with what the revision wants.</summary>
    public Task<JsonNode> CallAsync(string members) => SendAsync("tools/call", $$"""{ {{members}}, {{Meta}} }""");

    /// <summary>Sends a request, and returns its answer.</summary>
    public async Task<JsonNode> SendAsync(string method, string parameters)
    {
        int id = ++_id;
        await WriteAsync($$"""{"jsonrpc":"2.0","id":{{id}},"method":"{{method}}","params":{{parameters}}}""");
        string answered = id.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return await ReadAsync(message => message["id"]?.ToString() == answered && message["method"] is null);
    }

    /// <summary>Opens a stream of what changes, and returns once the server says so. The stream is never answered.</summary>
    public async Task<JsonNode> ListenAsync(string notifications)
    {
        await WriteAsync($$"""
            { "jsonrpc":"2.0","id":"listen","method":"subscriptions/listen","params":{ "notifications":{{notifications}}, {{Meta}} } }
            """);
        return await HearAsync("notifications/subscriptions/acknowledged");
    }

    /// <summary>Waits for a notification.</summary>
    public Task<JsonNode> HearAsync(string method) => ReadAsync(message => (string?)message["method"] == method);

    public async Task WriteAsync(string message)
    {
        await output.WriteAsync(Encoding.UTF8.GetBytes(message.ReplaceLineEndings(" ") + "\n"));
        await output.FlushAsync();
    }

    private async Task<JsonNode> ReadAsync(Func<JsonNode, bool> isMeant)
    {
        while (true)
        {
            string line = await _reader.ReadLineAsync() ?? throw new InvalidOperationException("The server went away.");
            JsonNode message = JsonNode.Parse(line)!;
            if (isMeant(message))
            {
                return message;
            }
        }
    }
}
