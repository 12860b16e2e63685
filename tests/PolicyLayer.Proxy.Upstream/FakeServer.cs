using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace PolicyLayer.Tests.Upstream;

/// <summary>The server.</summary>
internal sealed class FakeServer(Stream input, Stream output, string[] args)
{
    private readonly string? _record = Setting(args, "RECORD");
    private readonly string? _starts = Setting(args, "STARTS");
    private readonly string? _mode = Setting(args, "MODE");
    private readonly List<SlowCall> _slow = [];
    private readonly List<string> _listening = [];

    public async Task<int> RunAsync()
    {
        using PosixSignalRegistration? deaf =
            _mode == "deaf" ? PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => context.Cancel = true) : null;
        await NoteStartAsync(Environment.ProcessId);

        if (_mode == "silent")
        {
            return 3;
        }

        if (_mode == "parent")
        {
            await StartDeafAsync();
        }

        using var reader = new StreamReader(input, new UTF8Encoding(false));
        while (await reader.ReadLineAsync() is { } line)
        {
            if (_record is not null)
            {
                await AppendAsync(_record, line);
            }

            if (!await AnswerAsync(line))
            {
                return 4;
            }
        }

        if (_mode == "deaf")
        {
            await Task.Delay(Timeout.Infinite);
        }

        return 0;
    }

    private static string? Setting(string[] args, string name) =>
        args.FirstOrDefault(text => text.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..]
        ?? Environment.GetEnvironmentVariable(name);

    private async Task NoteStartAsync(int process)
    {
        if (_starts is not null)
        {
            await AppendAsync(_starts, process.ToString(CultureInfo.InvariantCulture));
        }
    }

    // Servers that have one file would overwrite each other's lines.
    private static async Task AppendAsync(string file, string line)
    {
        while (true)
        {
            try
            {
                await using var turn = new FileStream(file + ".lock", FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
                await File.AppendAllTextAsync(file, line + "\n");
                return;
            }
            catch (IOException)
            {
                await Task.Delay(1);
            }
        }
    }

    private async Task StartDeafAsync()
    {
        var start = new ProcessStartInfo("dotnet", [typeof(FakeServer).Assembly.Location, "MODE=deaf"])
        {
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        using Process below = Process.Start(start)!;
        await NoteStartAsync(below.Id);
    }

    /// <summary>Does what a line asks for.</summary>
    /// <returns>Whether the server goes on.</returns>
    private async Task<bool> AnswerAsync(string line)
    {
        using var message = JsonDocument.Parse(line);
        JsonElement root = message.RootElement;
        string method = root.TryGetProperty("method", out JsonElement name) ? name.GetString()! : "";
        string? id = root.TryGetProperty("id", out JsonElement value) ? value.GetRawText() : null;
        JsonElement body = root.TryGetProperty("params", out JsonElement given) ? given : default;
        switch (method)
        {
            case "initialize":
                string version = body.GetProperty("protocolVersion").GetRawText();
                await ResultAsync(
                    id,
                    $$$"""{"protocolVersion":{{{version}}},"capabilities":{"tools":{}},"serverInfo":{"name":"fake","version":"1"}}""");
                break;
            case "tools/list":
                await ResultAsync(id, $$$"""{{{{KindOf(body)}}}"tools":[{{{Tools}}}]{{{CacheOf(body)}}}}""");
                break;
            case "subscriptions/listen":
                _listening.Add(id!);
                string meta = $$$"""{"io.modelcontextprotocol/subscriptionId":{{{id}}}}""";
                await NotifyAsync("subscriptions/acknowledged", $$$"""{"_meta":{{{meta}}},"notifications":{"toolsListChanged":true}}""");
                break;
            case "notifications/cancelled":
                _slow.RemoveAll(call => call.Id == body.GetProperty("requestId").GetRawText());
                break;
            case "tools/call":
                return await CallAsync(id!, body);
            default:
                await OtherAsync(id, root);
                break;
        }

        return true;
    }

    private async Task OtherAsync(string? id, JsonElement root)
    {
        if (root.TryGetProperty("result", out JsonElement answer))
        {
            // What the client answered to `ask`.
            await NotifyAsync("message", $$$"""{"level":"info","data":{{{answer.GetRawText()}}}}""");
        }
        else if (id is not null)
        {
            await ResultAsync(id, "{}");
        }
    }

    private async Task<bool> CallAsync(string id, JsonElement body)
    {
        switch (body.GetProperty("name").GetString())
        {
            case "slow" or "slow_once":
                _slow.Add(SlowCall.Of(id, body));
                break;
            case "release":
                await ReleaseAsync();
                await ResultAsync(id, """{"content":[]}""");
                break;
            case "news":
                await TellAsync();
                await ResultAsync(id, """{"content":[]}""");
                break;
            case "crash":
                return false;
            case "garbage":
                await WriteAsync("this is no message\n\n[1,2]\n{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\r\"result\":{}}");
                await WriteAsync($$$"""{"jsonrpc":"2.0","id":{{{id}}},"result":{"a":1,"a":2}}""");
                await WriteAsync("""{"jsonrpc":"2.0","id":"nobody's","result":{}}""");
                break;
            case "batch":
                await WriteAsync($$$"""[{"jsonrpc":"2.0","method":"notifications/x"},{"jsonrpc":"2.0","id":{{{id}}},"result":{} }]""");
                break;
            case "big":
                int size = body.GetProperty("arguments").GetProperty("size").GetInt32();
                await ResultAsync(id, $$$"""{"content":[{"type":"text","text":"{{{new string('x', size)}}}"}]}""");
                break;
            case "asks":
                await InputAsync(id, body);
                break;
            case "ask":
                await WriteAsync("""{"jsonrpc":"2.0","id":0,"method":"roots/list"}""");
                await ResultAsync(id, """{"content":[]}""");
                break;
            case "environment":
                string names = string.Join(' ', Environment.GetEnvironmentVariables().Keys.Cast<string>().Order(StringComparer.Ordinal));
                await ResultAsync(id, $$$"""{"content":[{"type":"text","text":{{{JsonSerializer.Serialize(names)}}}}]}""");
                break;
            default:
                string arguments = body.TryGetProperty("arguments", out JsonElement given) ? given.GetRawText() : "{}";
                const string Content = """[{"type":"text","text":"echo"}]""";
                await ResultAsync(id, $$$"""{{{{KindOf(body)}}}"content":{{{Content}}},"structuredContent":{{{arguments}}}}""");
                break;
        }

        return true;
    }

    /// <summary>Answers all slow calls, each behind a word of its progress.</summary>
    private async Task ReleaseAsync()
    {
        foreach (SlowCall call in _slow)
        {
            if (call.Token is { } token)
            {
                await NotifyAsync("progress", $$$"""{"progressToken":{{{token}}},"progress":1,"message":{{{call.Arguments}}}}""");
            }

            await ResultAsync(call.Id, $$$"""{"resultType":"complete","content":[],"structuredContent":{{{call.Arguments}}}}""");
        }

        _slow.Clear();
    }

    /// <summary>Says all that a server may say by itself.</summary>
    private async Task TellAsync()
    {
        await NotifyAsync("message", """{"level":"info","data":"news"}""");
        await WriteAsync("""{"jsonrpc":"2.0","id":77,"method":"roots/list"}""");
        foreach (string id in _listening)
        {
            string meta = $$$"""{"io.modelcontextprotocol/subscriptionId":{{{id}}}}""";
            await NotifyAsync("tools/list_changed", $$$"""{"_meta":{{{meta}}}}""");
        }
    }

    private Task InputAsync(string id, JsonElement body) =>
        ResultAsync(
            id,
            body.TryGetProperty("requestState", out JsonElement state)
                ? $$$"""{"resultType":"complete","content":[{"type":"text","text":{{{state.GetRawText()}}}}]}"""
                : """{"resultType":"input_required","inputRequests":{"k":{"method":"roots/list"}},"requestState":"its own"}""");

    private const string Tools =
        """
        {"name":"echo","inputSchema":{"type":"object"}},{"name":"secret","inputSchema":{"type":"object"}}, {"name":"slow","inputSchema":{}}
        """;

    private static bool IsStateless(JsonElement body) =>
        body.ValueKind == JsonValueKind.Object
        && body.TryGetProperty("_meta", out JsonElement meta)
        && meta.TryGetProperty("io.modelcontextprotocol/protocolVersion", out _);

    private static string KindOf(JsonElement body) => IsStateless(body) ? "\"resultType\":\"complete\"," : "";

    private static string CacheOf(JsonElement body) => IsStateless(body) ? ",\"ttlMs\":600000,\"cacheScope\":\"public\"" : "";

    private Task ResultAsync(string? id, string result) => WriteAsync($$$"""{"jsonrpc":"2.0","id":{{{id}}},"result":{{{result}}}}""");

    private Task NotifyAsync(string name, string body) =>
        WriteAsync($$$"""{"jsonrpc":"2.0","method":"notifications/{{{name}}}","params":{{{body}}}}""");

    private async Task WriteAsync(string line)
    {
        await output.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"));
        await output.FlushAsync();
    }

    /// <summary>A call that isn't answered until it is released.</summary>
    private sealed record SlowCall(string Id, string? Token, string Arguments)
    {
        public static SlowCall Of(string id, JsonElement body) => new(
            id,
            body.TryGetProperty("_meta", out JsonElement meta) && meta.TryGetProperty("progressToken", out JsonElement token)
                ? token.GetRawText()
                : null,
            body.GetProperty("arguments").GetRawText());
    }
}
